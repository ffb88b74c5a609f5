using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Sequencing;

public sealed class SequencerTests
{
    private readonly ScriptedJournal _journal = new();

    [Fact]
    public async Task Nothing_is_visible_before_it_is_durable()
    {
        await using IRevisionStore store = Open(new StoreOptions());
        using IStoreWatch watch = store.Watch("pods", null, 1);
        _journal.Hold();

        Task<WriteOutcome> write = PutAsync(store, Pod("a"), 0);

        Assert.Null(store.Find(Pod("a")));
        Assert.False(watch.Events.TryRead(out _));
        Assert.False(write.IsCompleted);
        _journal.Release();
        Assert.Equal(2, await WrittenAsync(write));
        Assert.NotNull(store.Find(Pod("a")));
    }

    [Fact]
    public async Task Writes_that_wait_while_the_disk_works_share_one_transaction()
    {
        await using IRevisionStore store = Open(new StoreOptions());
        _journal.Hold();
        Task<WriteOutcome> first = PutAsync(store, Pod("first"), 0);
        await UntilTheDiskWorksAsync();

        Task<WriteOutcome>[] others = [.. Enumerable.Range(0, 50).Select(i => PutAsync(store, Pod($"p{i}"), 0))];
        _journal.Release();
        await Task.WhenAll([first, .. others]);

        Assert.Equal([1, 50], _journal.Batches);
    }

    [Fact]
    public async Task Within_one_transaction_the_second_writer_of_a_key_is_checked_against_the_first()
    {
        await using IRevisionStore store = Open(new StoreOptions());
        _journal.Hold();
        Task<WriteOutcome> blocker = PutAsync(store, Pod("blocker"), 0);
        await UntilTheDiskWorksAsync();

        Task<WriteOutcome> create = PutAsync(store, Pod("a"), 0, "one");
        Task<WriteOutcome> again = PutAsync(store, Pod("a"), 0, "two");
        Task<WriteOutcome> update = PutAsync(store, Pod("a"), 3, "three");
        _journal.Release();
        await blocker;

        Assert.Equal(3, await WrittenAsync(create));
        Assert.Equal("one", Value(Assert.IsType<WriteOutcome.Stale>(await again).Current));
        Assert.Equal(4, await WrittenAsync(update));
        Assert.Equal("three", Value(store.Find(Pod("a"))));
    }

    [Fact]
    public async Task A_full_disk_refuses_writes_keeps_the_state_and_recovers_by_itself()
    {
        await using IRevisionStore store = Open(new StoreOptions());
        await PutAsync(store, Pod("a"), 0, "one");
        _journal.SetFull(true);

        WriteOutcome refused = await PutAsync(store, Pod("a"), 2, "two");
        string during = Value(store.Find(Pod("a")));
        _journal.SetFull(false);
        long next = await WrittenAsync(PutAsync(store, Pod("a"), 2, "three"));

        Assert.Equal(new WriteOutcome.Refused("the disk is full"), refused);
        Assert.Equal("one", during);
        Assert.Equal(3, next);
    }

    [Fact]
    public async Task Whoever_lost_to_a_refused_write_is_refused_too()
    {
        await using IRevisionStore store = Open(new StoreOptions());
        _journal.Hold();
        Task<WriteOutcome> blocker = PutAsync(store, Pod("blocker"), 0);
        await UntilTheDiskWorksAsync();

        Task<WriteOutcome> create = PutAsync(store, Pod("a"), 0);
        Task<WriteOutcome> again = PutAsync(store, Pod("a"), 0);
        _journal.SetFull(true);
        _journal.Release();

        Assert.All(
            await Task.WhenAll(blocker, create, again), outcome => Assert.IsType<WriteOutcome.Refused>(outcome));
    }

    [Fact]
    public async Task The_change_log_is_compacted_now_and_then_and_not_with_every_batch()
    {
        await using IRevisionStore store = Open(new StoreOptions { ChangeLogLength = 100 });

        for (int i = 0; i < 300; i++)
        {
            await PutAsync(store, Pod($"p{i}"), 0);
        }

        await store.DisposeAsync();
        Assert.InRange(_journal.Compacted.Count, 2, 12);
        Assert.True(_journal.Compacted[^1] <= 201);
    }

    private RevisionStore Open(StoreOptions options) =>
        RevisionStore.Open(_journal, options, NullLoggerFactory.Instance);

    private async Task UntilTheDiskWorksAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_journal.Batches.Count == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
