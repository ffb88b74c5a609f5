using System.Runtime.CompilerServices;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Testing.Cluster;

/// <summary>The objects of one kind and every change there ever was. Its owner holds the lock.</summary>
internal sealed class FakeCollection(KindDefinition kind, Lock gate)
{
    private readonly SortedDictionary<(string, string), ObjectDocument> _objects =
        new(Comparer<(string, string)>.Create(static (left, right) =>
            string.CompareOrdinal(left.Item1, right.Item1) is var byNamespace and not 0
                ? byNamespace
                : string.CompareOrdinal(left.Item2, right.Item2)));

    private readonly List<ClusterEvent> _log = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _oldest;

    public KindDefinition Kind => kind;

    public IEnumerable<ObjectDocument> Objects => _objects.Values;

    public ObjectDocument? Find(ObjectKey key) => _objects.GetValueOrDefault((key.Namespace, key.Name));

    public void Set(ObjectDocument document)
    {
        (string, string) key = (document.Metadata.Namespace, document.Metadata.Name);
        ClusterEventType type = _objects.ContainsKey(key) ? ClusterEventType.Modified : ClusterEventType.Added;
        _objects[key] = document;
        Append(new ClusterEvent(type, document.Revision, document));
    }

    public void Remove(ObjectDocument last)
    {
        _objects.Remove((last.Metadata.Namespace, last.Metadata.Name));
        Append(new ClusterEvent(ClusterEventType.Deleted, last.Revision, last));
    }

    /// <summary>Every revision up to this one is too old to watch from; open watches end with 410.</summary>
    public void Expire(long revision)
    {
        _oldest = revision;
        Wake();
    }

    public async IAsyncEnumerable<ClusterEvent> WatchAsync(
        ListQuery query, long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int next = 0;
        while (true)
        {
            List<ClusterEvent> news;
            Task changed;
            lock (gate)
            {
                if (revision < _oldest)
                {
                    throw ApiErrors.Expired($"too old resource version: {revision} ({_oldest})");
                }

                news = [.. _log.Skip(next).Where(change => change.Revision > revision)];
                next = _log.Count;
                changed = _changed.Task;
            }

            foreach (ClusterEvent change in news)
            {
                revision = change.Revision;
                if (change.Document is { } document && FakeQueries.Matches(document, query))
                {
                    yield return change;
                }
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void Append(ClusterEvent change)
    {
        _log.Add(change);
        Wake();
    }

    private void Wake()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
