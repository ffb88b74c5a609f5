using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Tests.Sequencing;

/// <summary>A disk that stops, fails and records as the test says.</summary>
internal sealed class ScriptedJournal : IJournal
{
    private readonly SemaphoreSlim _gate = new(0);
    private volatile bool _isHeld;
    private volatile bool _isFull;

    public List<int> Batches { get; } = [];

    public List<long> Compacted { get; } = [];

    public int Rests { get; private set; }

    public void Hold() => _isHeld = true;

    public void Release()
    {
        _isHeld = false;
        _gate.Release();
    }

    public void SetFull(bool isFull) => _isFull = isFull;

    public JournalImage Load() => JournalImage.Empty;

    public void Append(IReadOnlyList<CommittedChange> batch, long floor)
    {
        Batches.Add(batch.Count);
        if (_isHeld)
        {
            _gate.Wait();
        }

        if (_isFull)
        {
            throw new JournalRefusedException("the disk is full", new IOException());
        }

        if (floor > Compacted.LastOrDefault())
        {
            Compacted.Add(floor);
        }
    }

    public void Seed(IReadOnlyList<KeyValuePair<StoreKey, ObjectDocument>> documents, long revision)
    {
    }

    public bool Rest(long floor)
    {
        Rests++;
        return false;
    }

    public void Dispose() => _gate.Dispose();
}
