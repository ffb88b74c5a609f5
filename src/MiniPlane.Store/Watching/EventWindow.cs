using MiniPlane.Objects.Cluster;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Watching;

/// <summary>
/// The recent events of one collection, bounded by number and by the bytes of superseded documents that only they keep alive.
/// Not thread-safe.
/// </summary>
internal sealed class EventWindow(int maxEvents, long maxBytes, long floor)
{
    private readonly Queue<CommittedChange> _events = new();
    private long _bytes;

    /// <summary>Every event above this revision is here.</summary>
    public long Floor { get; private set; } = floor;

    public void Add(in CommittedChange added)
    {
        _events.Enqueue(added);
        _bytes += Weight(added.Event);
        while (_events.Count > maxEvents || _bytes > maxBytes)
        {
            StoreEvent oldest = _events.Dequeue().Event;
            _bytes -= Weight(oldest);
            Floor = oldest.Revision;
        }
    }

    /// <summary>Events above a revision; of one namespace if given.</summary>
    public IEnumerable<StoreEvent> After(long revision, string? ns) => _events
        .SkipWhile(kept => kept.Event.Revision <= revision)
        .Where(kept => ns is null || kept.Key.Object.Namespace == ns)
        .Select(kept => kept.Event);

    /// <summary>
    /// A superseded document is the previous one of exactly one event, and no event that is older holds it longer; a deleted one
    /// is nowhere else.
    /// </summary>
    private static long Weight(StoreEvent kept) =>
        (kept.Previous?.Utf8.Length ?? 0) + (kept.Type == ClusterEventType.Deleted ? kept.Document.Utf8.Length : 0);
}
