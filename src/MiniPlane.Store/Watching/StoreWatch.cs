using System.Globalization;
using System.Threading.Channels;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Watching;

/// <summary>One subscription: a bounded queue that starts with the events it missed. A reader that lets it fill up is cut off.</summary>
internal sealed class StoreWatch : IStoreWatch
{
    private readonly CollectionFeed _feed;
    private readonly Channel<StoreEvent> _queue;
    private readonly long _afterRevision;

    public StoreWatch(
        CollectionFeed feed, string? ns, StoreTopic? topic, long afterRevision, StoreEvent[] missed, int queueLength)
    {
        _feed = feed;
        Namespace = ns;
        Topic = topic;
        _afterRevision = afterRevision;

        // The missed events come on top of the bound, or a watcher far behind could never catch up.
        _queue = Channel.CreateBounded<StoreEvent>(new BoundedChannelOptions(queueLength + missed.Length)
        {
            SingleWriter = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
        foreach (StoreEvent added in missed)
        {
            _queue.Writer.TryWrite(added);
        }
    }

    public string? Namespace { get; }

    public StoreTopic? Topic { get; }

    public ChannelReader<StoreEvent> Events => _queue.Reader;

    /// <summary>False when the watch is over: the reader was too slow.</summary>
    public bool TryPublish(StoreEvent added)
    {
        if (added.Revision <= _afterRevision || _queue.Writer.TryWrite(added))
        {
            return true;
        }

        _queue.Writer.TryComplete(new WatchExpiredException(string.Create(
            CultureInfo.InvariantCulture, $"the watch was too slow and lost its place at resource version {added.Revision}")));
        return false;
    }

    public void End() => _queue.Writer.TryComplete();

    public void Dispose()
    {
        _feed.Remove(this);
        _queue.Writer.TryComplete();
    }
}
