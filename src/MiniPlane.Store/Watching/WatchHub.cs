using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Watching;

/// <summary>Hands committed changes to watchers: one feed per collection, so that a change costs only those who watch it.</summary>
internal sealed partial class WatchHub
{
    private readonly ConcurrentDictionary<string, CollectionFeed> _feeds = new(StringComparer.Ordinal);
    private readonly StoreOptions _options;
    private readonly ILogger<WatchHub> _logger;
    private readonly long _floor;
    private volatile bool _isClosed;

    public WatchHub(JournalImage image, StoreOptions options, ILogger<WatchHub> logger)
    {
        _options = options;
        _logger = logger;
        _floor = image.Floor;
        foreach (CommittedChange change in image.Changes)
        {
            Publish(change);
        }
    }

    /// <summary>Called in revision order, by the sequencer only.</summary>
    public void Publish(in CommittedChange change)
    {
        int expired = Feed(change.Key.Collection).Publish(change);
        if (expired > 0)
        {
            LogExpired(_logger, expired, change.Key.Collection, change.Event.Revision);
        }
    }

    public IStoreWatch Watch(string collection, string? ns, long afterRevision) => Watch(collection, ns, null, afterRevision);

    public IStoreWatch Watch(string collection, string? ns, StoreTopic? topic, long afterRevision)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return Feed(collection).Watch(ns, topic, afterRevision);
    }

    /// <summary>Ends all watches, without an error.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (CollectionFeed feed in _feeds.Values)
        {
            feed.Close();
        }
    }

    private CollectionFeed Feed(string collection) =>
        _feeds.GetOrAdd(collection, static (_, hub) => new CollectionFeed(hub._options, hub._floor), this);

    [LoggerMessage(2011, LogLevel.Information, "Closed {Watchers} slow watchers of {Collection} at revision {Revision}")]
    private static partial void LogExpired(ILogger logger, int watchers, string collection, long revision);
}
