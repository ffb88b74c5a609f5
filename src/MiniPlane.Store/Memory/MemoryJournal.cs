using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Memory;

/// <summary>Keeps nothing, refuses nothing.</summary>
internal sealed class MemoryJournal : IJournal
{
    public JournalImage Load() => JournalImage.Empty;

    public void Append(IReadOnlyList<CommittedChange> batch, long floor)
    {
    }

    public void Seed(IReadOnlyList<KeyValuePair<StoreKey, ObjectDocument>> documents, long revision)
    {
    }

    public bool Rest(long floor) => false;

    public void Dispose()
    {
    }
}
