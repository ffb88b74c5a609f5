using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// One list and watch of one collection, shared by all controllers: keeps a cache, tells each handler of every change in commit
/// order, and lists again when the watch says that its revision is gone (410 Expired).
/// </summary>
internal sealed partial class Informer(
    KindDefinition kind, IClusterClient cluster, ILogger<Informer> logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    private readonly ObjectCache _cache = new();
    private readonly List<Action<ObjectChange>> _handlers = [];
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guards _waiters and _revision.
    private readonly Lock _gate = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Signal)> _waiters = [];
    private long _revision;

    public KindDefinition Kind => kind;

    public int Count => _cache.Count;

    /// <summary>Completes when the first list is in the cache and the handlers know of it.</summary>
    public Task Synced => _synced.Task;

    /// <summary>How far the cache has come.</summary>
    public long Revision
    {
        get
        {
            lock (_gate)
            {
                return _revision;
            }
        }
    }

    public ObjectDocument? Find(ObjectKey key) => _cache.Find(key);

    public IReadOnlyList<ObjectDocument> All() => _cache.All();

    public IReadOnlyList<ObjectDocument> InNamespace(string name) => _cache.InNamespace(name);

    /// <summary>Objects with an owner reference to this uid, controller or not.</summary>
    public IReadOnlyList<ObjectDocument> OwnedBy(string uid) => _cache.OwnedBy(uid);

    public ObjectDocument? ByUid(string uid) => _cache.ByUid(uid);

    public IReadOnlyList<ObjectDocument> ByIndex(string index, string value) => _cache.ByIndex(index, value);

    /// <summary>Adds an index over values read from each object. The first definition of a name counts.</summary>
    public void AddIndex(string name, Func<ObjectDocument, IEnumerable<string>> values) => _cache.AddIndex(name, values);

    /// <summary>Adds a listener. To be called before the informer starts; it runs on the informer's loop and must be quick.</summary>
    public void AddHandler(Action<ObjectChange> handler) => _handlers.Add(handler);

    /// <summary>
    /// Waits until the cache fulfils a condition, or the limit passes. A false answer means only that the caller may still see an
    /// older state.
    /// </summary>
    public async ValueTask<bool> WaitAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            if (condition())
            {
                return true;
            }

            signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((condition, signal));
        }

        try
        {
            await signal.Task.WaitAsync(limit, Time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            LogLagging(logger, kind.Collection, limit.TotalSeconds);
            return false;
        }
        finally
        {
            lock (_gate)
            {
                _waiters.RemoveAll(waiter => waiter.Signal == signal);
            }
        }
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        ObjectList list = await cluster.ListAsync(kind, ListQuery.All, cancellationToken);
        TakeList(list);
        _synced.TrySetResult();
        long revision = list.Revision;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (ClusterEvent change in cluster.WatchAsync(kind, ListQuery.All, revision, cancellationToken))
                {
                    revision = change.Revision;
                    Take(change);
                }
            }
            catch (ApiException exception) when (exception.Code == 410)
            {
                LogExpired(logger, kind.Collection, revision);
                return;
            }
        }
    }

    private void TakeList(ObjectList list)
    {
        HashSet<ObjectKey> listed = [];
        foreach (ObjectDocument document in list.Items)
        {
            listed.Add(document.Key);
            if (_cache.Find(document.Key)?.Revision != document.Revision)
            {
                Set(document.Key, document);
            }
        }

        foreach (ObjectDocument gone in _cache.All().Where(document => !listed.Contains(document.Key)))
        {
            Set(gone.Key, document: null);
        }

        Reach(list.Revision);
    }

    private void Take(ClusterEvent change)
    {
        if (change.Document is { } document)
        {
            Set(document.Key, change.Type == ClusterEventType.Deleted ? null : document);
        }

        Reach(change.Revision);
    }

    private void Set(ObjectKey key, ObjectDocument? document)
    {
        ObjectDocument? before = _cache.Set(key, document);
        if (before is null && document is null)
        {
            return;
        }

        var change = new ObjectChange(kind, before, document);
        foreach (Action<ObjectChange> handler in _handlers)
        {
            handler(change);
        }
    }

    private void Reach(long revision)
    {
        lock (_gate)
        {
            _revision = Math.Max(_revision, revision);
            for (int i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_waiters[i].Condition())
                {
                    _waiters[i].Signal.TrySetResult();
                    _waiters.RemoveAt(i);
                }
            }
        }
    }

    [LoggerMessage(4001, LogLevel.Information, "The watch of {Collection} expired at revision {Revision}; listing again")]
    private static partial void LogExpired(ILogger logger, string collection, long revision);

    [LoggerMessage(4002, LogLevel.Warning, "The cache of {Collection} did not catch up with a write within {Seconds} s")]
    private static partial void LogLagging(ILogger logger, string collection, double seconds);
}
