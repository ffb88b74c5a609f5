using System.Globalization;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Watching;

/// <summary>
/// Recent events and watchers of one collection. Watchers are found by their topic, else by their namespace, so that a change costs
/// what those cost whom it concerns.
/// </summary>
internal sealed class CollectionFeed(StoreOptions options, long floor)
{
    // Guards all fields below. Held for memory work only; that replay and subscription happen under it is why there is no gap.
    private readonly Lock _gate = new();
    private readonly EventWindow _window = new(options.WatchWindowEvents, options.WatchWindowBytes, floor);
    private readonly List<StoreWatch> _everywhere = [];
    private readonly Dictionary<string, List<StoreWatch>> _byNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TopicIndex> _byTopic = new(StringComparer.Ordinal);
    private bool _isClosed;

    /// <summary>Returns how many watchers could not keep up and were closed.</summary>
    public int Publish(in CommittedChange change)
    {
        lock (_gate)
        {
            _window.Add(change);
            int expired = Publish(_everywhere, change.Event);
            string ns = change.Key.Object.Namespace;
            if (_byNamespace.TryGetValue(ns, out List<StoreWatch>? watches))
            {
                expired += Publish(watches, change.Event);
                if (watches.Count == 0)
                {
                    _byNamespace.Remove(ns);
                }
            }

            foreach ((string name, TopicIndex topic) in _byTopic)
            {
                expired += topic.Publish(change.Event, ns);
                if (topic.IsEmpty)
                {
                    _byTopic.Remove(name);
                }
            }

            return expired;
        }
    }

    public StoreWatch Watch(string? ns, StoreTopic? topic, long afterRevision)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (afterRevision < _window.Floor)
            {
                throw new WatchExpiredException(string.Create(
                    CultureInfo.InvariantCulture, $"too old resource version: {afterRevision} ({_window.Floor})"));
            }

            var watch = new StoreWatch(
                this, ns, topic, afterRevision, [.. _window.After(afterRevision, ns)], options.WatchQueueLength);
            if (topic is null)
            {
                Subscribers(ns).Add(watch);
            }
            else
            {
                Subscribers(topic).Add(topic.Value, watch);
            }

            return watch;
        }
    }

    public void Remove(StoreWatch watch)
    {
        lock (_gate)
        {
            if (watch.Topic is { } topic)
            {
                if (_byTopic.TryGetValue(topic.Name, out TopicIndex? index))
                {
                    index.Remove(topic.Value, watch);
                    if (index.IsEmpty)
                    {
                        _byTopic.Remove(topic.Name);
                    }
                }
            }
            else if (watch.Namespace is null)
            {
                _everywhere.Remove(watch);
            }
            else if (_byNamespace.TryGetValue(watch.Namespace, out List<StoreWatch>? watches))
            {
                watches.Remove(watch);
                if (watches.Count == 0)
                {
                    _byNamespace.Remove(watch.Namespace);
                }
            }
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (StoreWatch watch in _everywhere
                .Concat(_byNamespace.Values.SelectMany(watches => watches))
                .Concat(_byTopic.Values.SelectMany(index => index.Watches)))
            {
                watch.End();
            }

            _everywhere.Clear();
            _byNamespace.Clear();
            _byTopic.Clear();
        }
    }

    private static int Publish(List<StoreWatch> watches, StoreEvent added) =>
        watches.RemoveAll(watch => !watch.TryPublish(added));

    private TopicIndex Subscribers(StoreTopic topic)
    {
        if (!_byTopic.TryGetValue(topic.Name, out TopicIndex? index))
        {
            _byTopic[topic.Name] = index = new TopicIndex(topic.Read);
        }

        return index;
    }

    private List<StoreWatch> Subscribers(string? ns)
    {
        if (ns is null)
        {
            return _everywhere;
        }

        if (!_byNamespace.TryGetValue(ns, out List<StoreWatch>? watches))
        {
            _byNamespace[ns] = watches = [];
        }

        return watches;
    }
}
