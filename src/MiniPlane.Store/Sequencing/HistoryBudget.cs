using MiniPlane.Objects.Cluster;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Sequencing;

/// <summary>
/// How much history stays on disk. A watch that finds its place there is spared a list, and a list costs what the live documents
/// weigh: so history may weigh a share of them, and no more changes than <see cref="StoreOptions.ChangeLogLength"/>. That is what
/// bounds the file by the live data however often it is rewritten. Not thread-safe; the sequencer's.
/// </summary>
internal sealed class HistoryBudget
{
    /// <summary>What a small cluster may keep in any case.</summary>
    public const long LeastBytes = 512 * 1024;

    private const int LiveShare = 4;
    private const int BytesPerRow = 128;

    private readonly Queue<(long Revision, int Bytes)> _kept = new();
    private readonly int _maxChanges;
    private long _keptBytes;
    private long _liveBytes;

    public HistoryBudget(JournalImage image, StoreOptions options)
    {
        _maxChanges = Math.Max(1, options.ChangeLogLength);
        Floor = image.Floor;
        _liveBytes = image.Collections.Values
            .SelectMany(documents => documents.Range(null, null))
            .Sum(document => (long)document.Utf8.Length);
        foreach (CommittedChange change in image.Changes)
        {
            Keep(change.Event);
        }
    }

    /// <summary>History up to and including this revision is forgotten.</summary>
    public long Floor { get; private set; }

    /// <summary>
    /// The floor that the next batch should set. It moves only when a quarter too much is kept, so that most batches forget nothing.
    /// </summary>
    public long NextFloor()
    {
        long maxBytes = Math.Max(LeastBytes, _liveBytes / LiveShare);
        if (_kept.Count <= _maxChanges + (_maxChanges / 4) && _keptBytes <= maxBytes + (maxBytes / 4))
        {
            return Floor;
        }

        long floor = Floor;
        int count = _kept.Count;
        long bytes = _keptBytes;
        foreach ((long revision, int weight) in _kept)
        {
            if (count <= _maxChanges && bytes <= maxBytes)
            {
                break;
            }

            floor = revision;
            count--;
            bytes -= weight;
        }

        return floor;
    }

    /// <summary>The batch and its floor are durable.</summary>
    public void Commit(IReadOnlyList<CommittedChange> batch, long floor)
    {
        foreach (CommittedChange change in batch)
        {
            Keep(change.Event);
            _liveBytes += Live(change.Event) - (change.Event.Previous?.Utf8.Length ?? 0);
        }

        Forget(floor);
    }

    /// <summary>The floor is durable.</summary>
    public void Forget(long floor)
    {
        Floor = floor;
        while (_kept.TryPeek(out (long Revision, int Bytes) oldest) && oldest.Revision <= floor)
        {
            _keptBytes -= oldest.Bytes;
            _kept.Dequeue();
        }
    }

    private void Keep(StoreEvent change)
    {
        int final = change.Type == ClusterEventType.Deleted ? change.Document.Utf8.Length : 0;
        int bytes = BytesPerRow + final + (change.Previous?.Utf8.Length ?? 0);
        _kept.Enqueue((change.Revision, bytes));
        _keptBytes += bytes;
    }

    private static int Live(StoreEvent change) => change.Type == ClusterEventType.Deleted ? 0 : change.Document.Utf8.Length;
}
