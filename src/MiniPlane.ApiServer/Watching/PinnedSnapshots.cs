using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Watching;

/// <summary>
/// Keeps the snapshots that unfinished paged lists refer to. Bounded in number and age: a client that comes back too late gets 410
/// and lists again, as with etcd's compaction.
/// </summary>
internal sealed class PinnedSnapshots(TimeProvider time)
{
    private const int MaxPinned = 256;
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    // Guards _byKey and _oldest. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Collection, long Revision), LinkedListNode<Pin>> _byKey = [];
    private readonly LinkedList<Pin> _oldest = [];

    /// <summary>Keeps a snapshot; one that is kept already does not become younger by it, so that no list lasts for ever.</summary>
    public void Keep(string collection, CollectionSnapshot snapshot)
    {
        (string, long) key = (collection, snapshot.Revision);
        lock (_gate)
        {
            if (!_byKey.ContainsKey(key))
            {
                _byKey[key] = _oldest.AddLast(new Pin(key, snapshot, time.GetTimestamp()));
            }

            DropOld();
        }
    }

    public CollectionSnapshot? Find(string collection, long revision)
    {
        lock (_gate)
        {
            DropOld();
            return _byKey.TryGetValue((collection, revision), out LinkedListNode<Pin>? node) ? node.Value.Snapshot : null;
        }
    }

    private void DropOld()
    {
        while (_oldest.First is { } first
            && (_oldest.Count > MaxPinned || time.GetElapsedTime(first.Value.Since) > MaxAge))
        {
            _oldest.RemoveFirst();
            _byKey.Remove(first.Value.Key);
        }
    }

    private readonly record struct Pin((string Collection, long Revision) Key, CollectionSnapshot Snapshot, long Since);
}
