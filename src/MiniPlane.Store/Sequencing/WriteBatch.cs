using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Sequencing;

/// <summary>
/// The writes of one transaction: each is checked against the state that the ones before it leave, so two callers racing for one
/// key in the same batch are told apart just like two in different batches.
/// </summary>
internal sealed class WriteBatch(StoreState before)
{
    private readonly List<CommittedChange> _changes = [];
    private readonly List<PendingWrite> _writers = [];
    private readonly List<(PendingWrite Writer, ObjectDocument? Current)> _losers = [];
    private readonly Dictionary<string, DocumentMap> _changed = new(StringComparer.Ordinal);
    private long _revision = before.Revision;

    public IReadOnlyList<CommittedChange> Changes => _changes;

    public int Length => _changes.Count + _losers.Count;

    public long Bytes { get; private set; }

    public void Add(PendingWrite pending)
    {
        StoreWrite write = pending.Write;
        DocumentMap documents = _changed.TryGetValue(write.Key.Collection, out DocumentMap? changed)
            ? changed
            : before.Documents(write.Key.Collection);
        ObjectDocument? current = documents.Find(write.Key.Object);
        if ((current?.Revision ?? 0) != write.Expected || (write.IsDelete && current is null))
        {
            _losers.Add((pending, current));
            return;
        }

        ObjectDocument document = write.Draft.Stamp(++_revision);
        _changed[write.Key.Collection] = write.IsDelete
            ? documents.Remove(write.Key.Object)
            : documents.Set(write.Key.Object, document);
        Bytes += document.Utf8.Length;
        ClusterEventType type = write.IsDelete ? ClusterEventType.Deleted
            : current is null ? ClusterEventType.Added
            : ClusterEventType.Modified;
        _changes.Add(new CommittedChange(write.Key, new StoreEvent(type, document, current)));
        _writers.Add(pending);
    }

    /// <summary>The state when all of the batch is committed.</summary>
    public StoreState After() => _changes.Count == 0 ? before : before.With(_revision, _changed);

    /// <summary>Answers everyone; the batch is durable and published.</summary>
    public void CompleteWritten()
    {
        for (int i = 0; i < _writers.Count; i++)
        {
            _writers[i].Complete(new WriteOutcome.Written(_changes[i].Event.Document));
        }

        foreach ((PendingWrite writer, ObjectDocument? current) in _losers)
        {
            writer.Complete(new WriteOutcome.Stale(current));
        }
    }

    /// <summary>
    /// Answers everyone; nothing of the batch was written. A loser may have lost to a write of this same batch, so it is refused
    /// as well: what it lost to does not exist.
    /// </summary>
    public void CompleteRefused(string reason)
    {
        var refused = new WriteOutcome.Refused(reason);
        foreach (PendingWrite writer in _writers)
        {
            writer.Complete(refused);
        }

        foreach ((PendingWrite writer, _) in _losers)
        {
            writer.Complete(refused);
        }
    }
}
