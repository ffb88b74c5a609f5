using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;
using MiniPlane.Store.Sqlite;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Sqlite;

public sealed class SqliteDiskRefusalTests : IDisposable
{
    private const long Quota = 256 * 1024;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task When_space_runs_out_writes_are_refused_reads_go_on_and_nothing_acknowledged_is_lost()
    {
        int written = 0;
        await using (IRevisionStore store = Open(Quota))
        {
            WriteOutcome outcome = await PutBigAsync(store, written);
            while (outcome is WriteOutcome.Written)
            {
                outcome = await PutBigAsync(store, ++written);
            }

            Assert.Contains("no space", Assert.IsType<WriteOutcome.Refused>(outcome).Reason, StringComparison.Ordinal);
            Assert.Equal(written, store.Read("pods").Count);
            Assert.Equal(written + 1, store.Revision);
            Assert.IsType<WriteOutcome.Refused>(await PutBigAsync(store, written));
        }

        await using IRevisionStore reopened = Open(0);

        Assert.Equal(written, reopened.Read("pods").Count);
        Assert.Equal(written + 2, await WrittenAsync(PutBigAsync(reopened, written)));
    }

    [Fact]
    public async Task A_write_that_fits_is_taken_after_one_that_did_not()
    {
        await using IRevisionStore store = Open(Quota);
        StoreKey huge = Pod("huge");

        WriteOutcome refused = await PutAsync(store, huge, 0, new string('h', (int)Quota * 2));
        long next = await WrittenAsync(PutAsync(store, Pod("small"), 0));

        Assert.IsType<WriteOutcome.Refused>(refused);
        Assert.Equal(2, next);
        Assert.Null(store.Find(huge));
    }

    [Fact]
    public void What_reached_the_disk_of_a_batch_that_failed_is_taken_back()
    {
        string path = _directory.File("store.db");
        var committed = new StoreEvent(default, Draft(Pod("a"), "one").Stamp(2), null);
        var replaced = new StoreEvent(Objects.Cluster.ClusterEventType.Modified, Draft(Pod("a"), "two").Stamp(3), committed.Document);
        var added = new StoreEvent(default, Draft(Pod("b")).Stamp(4), null);
        SqliteMark mark;
        using (var journal = new SqliteJournal(path, 0, "restore"))
        {
            journal.Load();
            journal.Append([new CommittedChange(Pod("a"), committed)], 0);
            mark = journal.Mark;
            journal.Append([new CommittedChange(Pod("a"), replaced), new CommittedChange(Pod("b"), added)], 0);
        }

        using (Microsoft.Data.Sqlite.SqliteConnection connection = SqliteFile.Open(path, 0))
        {
            SqliteRewind.To(connection, mark);
        }

        using var reopened = new SqliteJournal(path, 0, "restore");
        JournalImage image = reopened.Load();
        Assert.Equal(2, image.Revision);
        Assert.Equal(["one"], image.Collections["pods"].Range(null, null).Select(Value));
        Assert.Equal(2, Assert.Single(image.Changes).Event.Revision);
    }

    private IRevisionStore Open(long quota) => SqliteRevisionStore.Open(
        new StoreOptions { Path = _directory.File("store.db"), MaxFileBytes = quota }, NullLoggerFactory.Instance);

    private static Task<WriteOutcome> PutBigAsync(IRevisionStore store, int number) =>
        PutAsync(store, Pod($"p{number}"), 0, new string('v', 10_000));
}
