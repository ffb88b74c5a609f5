using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Objects.Cluster;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;
using MiniPlane.Store.Watching;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Watching;

public sealed class WatchHubTests
{
    [Fact]
    public async Task A_watcher_that_falls_behind_is_closed_and_the_others_go_on()
    {
        WatchHub hub = Hub(new StoreOptions { WatchQueueLength = 3 });
        using IStoreWatch slow = hub.Watch("pods", null, 1);
        using IStoreWatch quick = hub.Watch("pods", "default", 1);

        var seen = new List<StoreEvent>();
        for (long revision = 2; revision < 10; revision++)
        {
            hub.Publish(Added($"p{revision}", revision));
            seen.AddRange(await TakeAsync(quick, 1));
        }

        Assert.Equal(8, seen.Count);
        Assert.Equal(3, (await TakeAsync(slow, 3)).Count);
        await Assert.ThrowsAsync<WatchExpiredException>(() => slow.Events.Completion);
    }

    [Fact]
    public async Task What_a_watcher_missed_does_not_count_against_its_queue()
    {
        WatchHub hub = Hub(new StoreOptions { WatchQueueLength = 1 });
        for (long revision = 2; revision < 50; revision++)
        {
            hub.Publish(Added($"p{revision}", revision));
        }

        using IStoreWatch watch = hub.Watch("pods", null, 1);
        hub.Publish(Added("live", 50));

        Assert.Equal(Enumerable.Range(2, 49).Select(n => (long)n), (await TakeAsync(watch, 49)).Select(e => e.Revision));
    }

    [Fact]
    public void A_revision_older_than_the_window_has_expired()
    {
        WatchHub hub = Hub(new StoreOptions { WatchWindowEvents = 5 });
        for (long revision = 2; revision <= 11; revision++)
        {
            hub.Publish(Added($"p{revision}", revision));
        }

        Assert.Throws<WatchExpiredException>(() => hub.Watch("pods", null, 5));
        using IStoreWatch oldest = hub.Watch("pods", null, 6);
        Assert.Equal(5, oldest.Events.Count);
    }

    [Fact]
    public void The_window_drops_events_that_keep_too_many_superseded_bytes_alive()
    {
        StoreEvent first = Added("a", 2).Event;
        int weight = first.Document.Utf8.Length;
        WatchHub hub = Hub(new StoreOptions { WatchWindowBytes = weight * 3 });
        hub.Publish(new CommittedChange(Pod("a"), first));
        StoreEvent last = first;
        for (long revision = 3; revision <= 9; revision++)
        {
            last = new StoreEvent(ClusterEventType.Modified, Draft(Pod("a")).Stamp(revision), last.Document);
            hub.Publish(new CommittedChange(Pod("a"), last));
        }

        Assert.Throws<WatchExpiredException>(() => hub.Watch("pods", null, 5));
        using IStoreWatch watch = hub.Watch("pods", null, 6);
        Assert.Equal(3, watch.Events.Count);
    }

    [Fact]
    public async Task A_watcher_from_a_future_revision_gets_only_what_lies_beyond_it()
    {
        WatchHub hub = Hub(new StoreOptions());
        using IStoreWatch watch = hub.Watch("pods", null, 4);

        for (long revision = 2; revision <= 5; revision++)
        {
            hub.Publish(Added($"p{revision}", revision));
        }

        Assert.Equal(5, Assert.Single(await TakeAsync(watch, 1)).Revision);
        Assert.Equal(0, watch.Events.Count);
    }

    [Fact]
    public async Task Subscribing_while_events_are_published_leaves_no_gap_and_repeats_none()
    {
        WatchHub hub = Hub(new StoreOptions());
        const int Last = 2000;
        var publishing = Task.Run(() =>
        {
            for (long revision = 2; revision <= Last; revision++)
            {
                hub.Publish(Added($"p{revision}", revision));
            }

            return Task.CompletedTask;
        });

        var watches = new List<IStoreWatch>();
        while (!publishing.IsCompleted)
        {
            watches.Add(hub.Watch("pods", null, 1));
            await Task.Yield();
        }

        await publishing;
        foreach (IStoreWatch watch in watches.Take(20))
        {
            List<StoreEvent> events = await TakeAsync(watch, Last - 1);
            Assert.Equal(Enumerable.Range(2, Last - 1).Select(n => (long)n), events.Select(added => added.Revision));
        }

        watches.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task A_disposed_watch_gets_nothing_more()
    {
        WatchHub hub = Hub(new StoreOptions());
        IStoreWatch watch = hub.Watch("pods", "default", 1);

        watch.Dispose();
        hub.Publish(Added("a", 2));

        await watch.Events.Completion;
        Assert.False(watch.Events.TryRead(out _));
    }

    private static WatchHub Hub(StoreOptions options) =>
        new(JournalImage.Empty, options, NullLogger<WatchHub>.Instance);

    private static CommittedChange Added(string name, long revision) =>
        new(Pod(name), new StoreEvent(ClusterEventType.Added, Draft(Pod(name)).Stamp(revision), null));
}
