using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Watching;

/// <summary>A collection as it was at an earlier revision: the present one with the events since then undone.</summary>
internal sealed class PastSnapshot : CollectionSnapshot
{
    private readonly SortedDictionary<ObjectKey, ObjectDocument> _documents;

    private PastSnapshot(long revision, SortedDictionary<ObjectKey, ObjectDocument> documents)
    {
        Revision = revision;
        _documents = documents;
    }

    public override long Revision { get; }

    public override int Count => _documents.Count;

    /// <summary>Throws Expired when the events since <paramref name="revision"/> are no longer kept.</summary>
    public static PastSnapshot Reconstruct(IRevisionStore store, string collection, CollectionSnapshot present, long revision)
    {
        var documents = new SortedDictionary<ObjectKey, ObjectDocument>(KeyOrder.Instance);
        foreach (ObjectDocument document in present.Range(null, null))
        {
            documents[document.Key] = document;
        }

        foreach (StoreEvent change in EventsSince(store, collection, revision).Where(change => change.Revision <= present.Revision).Reverse())
        {
            if (change.Previous is { } previous)
            {
                documents[previous.Key] = previous;
            }
            else if (change.Type == ClusterEventType.Added)
            {
                documents.Remove(change.Document.Key);
            }
        }

        return new PastSnapshot(revision, documents);
    }

    public override ObjectDocument? Find(ObjectKey key) => _documents.GetValueOrDefault(key);

    public override IEnumerable<ObjectDocument> Range(string? ns, ObjectKey? after) => _documents
        .Where(pair => (ns is null || pair.Key.Namespace == ns) && (after is null || KeyOrder.Instance.Compare(pair.Key, after.Value) > 0))
        .Select(pair => pair.Value);

    private static List<StoreEvent> EventsSince(IRevisionStore store, string collection, long revision)
    {
        try
        {
            using IStoreWatch watch = store.Watch(collection, null, revision);
            var events = new List<StoreEvent>();
            while (watch.Events.TryRead(out StoreEvent? change))
            {
                events.Add(change);
            }

            return events;
        }
        catch (WatchExpiredException)
        {
            throw ApiErrors.Expired("The resourceVersion for the provided list is too old.");
        }
    }

    private sealed class KeyOrder : IComparer<ObjectKey>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare(ObjectKey left, ObjectKey right)
        {
            int order = string.CompareOrdinal(left.Namespace, right.Namespace);
            return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
        }
    }
}
