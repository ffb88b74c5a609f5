using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Revisions;

/// <summary>What every store promises, whatever keeps it.</summary>
public abstract class RevisionStoreContract : IAsyncLifetime
{
    private IRevisionStore? _store;

    private IRevisionStore Store => _store ?? throw new InvalidOperationException("The store is not open.");

    public Task InitializeAsync()
    {
        _store = Open(new StoreOptions());
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        CleanUp();
    }

    [Fact]
    public async Task A_watch_from_a_revision_that_is_yet_to_come_has_expired()
    {
        long newest = await WrittenAsync(PutAsync(Store, Pod("a"), 0));

        Assert.Throws<WatchExpiredException>(() => Store.Watch("pods", null, newest + 1));

        using IStoreWatch watch = Store.Watch("pods", null, newest);
        await WrittenAsync(PutAsync(Store, Pod("b"), 0));
        Assert.Equal(newest + 1, Assert.Single(await TakeAsync(watch, 1)).Revision);
    }

    [Fact]
    public async Task A_new_store_is_at_revision_1_and_every_write_adds_one()
    {
        Assert.Equal(1, Store.Revision);

        long first = await WrittenAsync(PutAsync(Store, Pod("a"), 0));
        long second = await WrittenAsync(PutAsync(Store, Pod("b"), 0));

        Assert.Equal([2L, 3L], [first, second]);
        Assert.Equal(3, Store.Revision);
    }

    [Fact]
    public async Task A_written_document_is_read_back_with_its_resourceVersion()
    {
        await PutAsync(Store, Pod("a"), 0, "one");

        ObjectDocument? found = Store.Find(Pod("a"));

        Assert.Equal("one", Value(found));
        Assert.Equal("2", (string?)found?.ToJson()["metadata"]?["resourceVersion"]);
        Assert.Same(found, Store.Read("pods").Find(new ObjectKey("default", "a")));
    }

    [Fact]
    public async Task Creating_under_a_taken_key_is_stale_and_shows_what_is_there()
    {
        await PutAsync(Store, Pod("a"), 0, "one");

        WriteOutcome outcome = await PutAsync(Store, Pod("a"), 0, "two");

        Assert.Equal("one", Value(Assert.IsType<WriteOutcome.Stale>(outcome).Current));
        Assert.Equal(2, Store.Revision);
    }

    [Fact]
    public async Task Replacing_at_an_old_revision_is_stale_and_changes_nothing()
    {
        long created = await WrittenAsync(PutAsync(Store, Pod("a"), 0, "one"));
        await PutAsync(Store, Pod("a"), created, "two");

        WriteOutcome outcome = await PutAsync(Store, Pod("a"), created, "three");

        Assert.Equal(3, Assert.IsType<WriteOutcome.Stale>(outcome).Current?.Revision);
        Assert.Equal("two", Value(Store.Find(Pod("a"))));
    }

    [Fact]
    public async Task Replacing_or_deleting_what_is_not_there_is_stale_without_a_current_document()
    {
        WriteOutcome replaced = await PutAsync(Store, Pod("a"), 7);
        WriteOutcome deleted = await DeleteAsync(Store, Pod("a"), 7);
        WriteOutcome deletedBlindly = await DeleteAsync(Store, Pod("a"), 0);

        Assert.All(
            [replaced, deleted, deletedBlindly],
            outcome => Assert.Null(Assert.IsType<WriteOutcome.Stale>(outcome).Current));
    }

    [Fact]
    public async Task A_deleted_key_is_free_and_its_event_has_a_revision_of_its_own()
    {
        long created = await WrittenAsync(PutAsync(Store, Pod("a"), 0));

        long deleted = await WrittenAsync(DeleteAsync(Store, Pod("a"), created));

        Assert.Equal(created + 1, deleted);
        Assert.Null(Store.Find(Pod("a")));
        Assert.Equal(0, Store.Read("pods").Count);
        Assert.Equal(deleted + 1, await WrittenAsync(PutAsync(Store, Pod("a"), 0)));
    }

    [Fact]
    public async Task A_snapshot_stays_as_it_was()
    {
        await PutAsync(Store, Pod("a"), 0, "one");
        CollectionSnapshot snapshot = Store.Read("pods");

        await PutAsync(Store, Pod("a"), 2, "two");
        await PutAsync(Store, Pod("b"), 0);

        Assert.Equal(2, snapshot.Revision);
        Assert.Equal(["one"], snapshot.Range(null, null).Select(Value));
    }

    [Fact]
    public async Task Documents_are_listed_by_namespace_then_name_in_ordinal_order()
    {
        foreach ((string ns, string name) in new[] { ("b", "a"), ("a", "z"), ("a", "B"), ("a-b", "c"), ("a", "b") })
        {
            await PutAsync(Store, Pod(name, ns), 0);
        }

        CollectionSnapshot pods = Store.Read("pods");

        Assert.Equal(["a/B", "a/b", "a/z", "a-b/c", "b/a"], Names(pods.Range(null, null)));
        Assert.Equal(["a/B", "a/b", "a/z"], Names(pods.Range("a", null)));
        Assert.Equal(["a/z"], Names(pods.Range("a", new ObjectKey("a", "b"))));
        Assert.Equal(["a/z", "a-b/c", "b/a"], Names(pods.Range(null, new ObjectKey("a", "bb"))));
        Assert.Empty(pods.Range("none", null));
    }

    [Fact]
    public async Task Collections_do_not_see_each_other()
    {
        await PutAsync(Store, Pod("a"), 0);
        await PutAsync(Store, new StoreKey("jobs.batch", new ObjectKey("default", "a")), 0);

        Assert.Equal(["jobs.batch", "pods"], Store.Collections.Order(StringComparer.Ordinal));
        Assert.Equal(1, Store.Read("pods").Count);
        Assert.Equal(0, Store.Read("unheard.of").Count);
        Assert.Equal(3, Store.Read("unheard.of").Revision);
    }

    [Fact]
    public async Task Of_many_writers_racing_from_one_revision_exactly_one_wins()
    {
        long created = await WrittenAsync(PutAsync(Store, Pod("a"), 0));

        WriteOutcome[] outcomes = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(i => PutAsync(Store, Pod("a"), created, $"writer {i}")));

        WriteOutcome.Written winner = Assert.Single(outcomes.OfType<WriteOutcome.Written>());
        Assert.Equal(63, outcomes.OfType<WriteOutcome.Stale>().Count(stale => stale.Current == winner.Document));
        Assert.Same(winner.Document, Store.Find(Pod("a")));
    }

    [Fact]
    public async Task Sixty_four_writers_that_retry_lose_no_increment()
    {
        using IStoreWatch watch = Store.Watch("pods", null, 1);
        await PutAsync(Store, Pod("counter"), 0, "0");

        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => IncrementAsync(4)));

        Assert.Equal("256", Value(Store.Find(Pod("counter"))));
        List<StoreEvent> events = await TakeAsync(watch, 257);
        Assert.Equal(Enumerable.Range(2, 257).Select(revision => (long)revision), events.Select(written => written.Revision));
        Assert.Equal(Enumerable.Range(0, 257).Select(count => $"{count}"), events.Select(written => Value(written.Document)));
    }

    [Fact]
    public async Task A_watcher_gets_each_change_with_what_it_replaced()
    {
        using IStoreWatch watch = Store.Watch("pods", null, Store.Revision);
        await PutAsync(Store, Pod("a"), 0, "one");
        await PutAsync(Store, Pod("a"), 2, "two");
        await DeleteAsync(Store, Pod("a"), 3);

        List<StoreEvent> events = await TakeAsync(watch, 3);

        Assert.Equal(
            [ClusterEventType.Added, ClusterEventType.Modified, ClusterEventType.Deleted], events.Select(change => change.Type));
        Assert.Equal(["", "one", "two"], events.Select(change => Value(change.Previous)));
        Assert.Equal([2L, 3L, 4L], events.Select(change => change.Document.Revision));
    }

    [Fact]
    public async Task A_watcher_that_starts_at_an_old_revision_gets_what_it_missed_then_what_comes()
    {
        await PutAsync(Store, Pod("a"), 0);
        await PutAsync(Store, Pod("b"), 0);
        await PutAsync(Store, Pod("c"), 0);

        using IStoreWatch watch = Store.Watch("pods", null, 2);
        await PutAsync(Store, Pod("d"), 0);

        Assert.Equal(["b", "c", "d"], (await TakeAsync(watch, 3)).Select(added => added.Document.Metadata.Name));
    }

    [Fact]
    public async Task A_watcher_of_one_namespace_sees_only_that_one()
    {
        await PutAsync(Store, Pod("before", "other"), 0);
        await PutAsync(Store, Pod("before", "mine"), 0);
        using IStoreWatch watch = Store.Watch("pods", "mine", 1);
        await PutAsync(Store, Pod("after", "other"), 0);
        await PutAsync(Store, Pod("after", "mine"), 0);

        List<StoreEvent> events = await TakeAsync(watch, 2);

        Assert.Equal(["mine/before", "mine/after"], events.Select(added => added.Document.Key.ToString()));
        Assert.False(watch.Events.TryRead(out _));
    }

    [Fact]
    public async Task A_watcher_of_a_topic_sees_documents_get_its_value_and_lose_it()
    {
        using IStoreWatch watch = Store.Watch("pods", "mine", new StoreTopic("value", "wanted", Value), Store.Revision);
        long other = await WrittenAsync(PutAsync(Store, Pod("a", "mine"), 0, "other"));
        long wanted = await WrittenAsync(PutAsync(Store, Pod("a", "mine"), other, "wanted"));
        await PutAsync(Store, Pod("b", "mine"), 0, "third");
        await PutAsync(Store, Pod("c", "yours"), 0, "wanted");
        await PutAsync(Store, Pod("a", "mine"), wanted, "other");
        await PutAsync(Store, Pod("d", "mine"), 0, "wanted");

        List<StoreEvent> events = await TakeAsync(watch, 3);

        Assert.Equal(["a", "a", "d"], events.Select(change => change.Document.Metadata.Name));
        Assert.Equal(["wanted", "other", "wanted"], events.Select(change => Value(change.Document)));
        Assert.False(watch.Events.TryRead(out _));
    }

    [Fact]
    public async Task A_snapshot_tells_what_changed_since_an_earlier_one()
    {
        long kept = await WrittenAsync(PutAsync(Store, Pod("changed"), 0));
        long gone = await WrittenAsync(PutAsync(Store, Pod("gone"), 0));
        await PutAsync(Store, Pod("same"), 0);
        CollectionSnapshot earlier = Store.Read("pods");
        await PutAsync(Store, Pod("changed"), kept, "y");
        await DeleteAsync(Store, Pod("gone"), gone);
        await PutAsync(Store, Pod("new"), 0);

        IEnumerable<DocumentChange>? changes = Store.Read("pods").ChangesSince(earlier);

        Assert.NotNull(changes);
        Assert.Equal(
            ["changed>changed", "gone>", ">new"],
            changes.Select(change => $"{change.Before?.Metadata.Name}>{change.After?.Metadata.Name}"));
        Assert.Equal(3, Store.Read("pods").CountOf(null, null));
        Assert.Equal(2, Store.Read("pods").CountOf("default", new ObjectKey("default", "changed")));
    }

    [Fact]
    public async Task A_reader_that_was_told_of_an_event_finds_at_least_that_revision()
    {
        using IStoreWatch watch = Store.Watch("pods", null, 1);
        Task<List<long>> lag = Task.Run(async () => (await TakeAsync(watch, 200))
            .ConvertAll(added => Store.Revision - added.Revision));

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => PutAsync(Store, Pod($"p{i}"), 0)));

        Assert.All(await lag, behind => Assert.True(behind >= 0));
    }

    [Fact]
    public async Task A_write_cancelled_before_it_was_queued_throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var write = new StoreWrite(Pod("a"), 0, Draft(Pod("a")), IsDelete: false);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.WriteAsync(write, cancelled.Token));
    }

    [Fact]
    public async Task Closing_commits_what_is_queued_ends_watches_without_an_error_and_refuses_the_rest()
    {
        using IStoreWatch watch = Store.Watch("pods", null, 1);
        Task<WriteOutcome>[] queued = [.. Enumerable.Range(0, 100).Select(i => PutAsync(Store, Pod($"p{i}"), 0))];

        await Store.DisposeAsync();

        Assert.All(await Task.WhenAll(queued), outcome => Assert.IsType<WriteOutcome.Written>(outcome));
        Assert.Equal(100, await watch.Events.ReadAllAsync().CountAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => PutAsync(Store, Pod("late"), 0));
    }

    protected abstract IRevisionStore Open(StoreOptions options);

    protected virtual void CleanUp()
    {
    }

    private static IEnumerable<string> Names(IEnumerable<ObjectDocument> documents) =>
        documents.Select(document => document.Key.ToString());

    private async Task IncrementAsync(int times)
    {
        while (times > 0)
        {
            ObjectDocument? current = Store.Find(Pod("counter"));
            int count = int.Parse(Value(current), System.Globalization.CultureInfo.InvariantCulture);
            WriteOutcome outcome = await PutAsync(Store, Pod("counter"), current?.Revision ?? 0, $"{count + 1}");
            times -= outcome is WriteOutcome.Written ? 1 : 0;
        }
    }
}
