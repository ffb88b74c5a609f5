using MiniPlane.Store.LiteDb;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;
using MiniPlane.Testing;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.LiteDb;

public sealed class LiteDbRestartTests : IDisposable
{
    private const int Quota = 512 * 1024;

    private readonly TemporaryDirectory _directory = new();

    private string DataFile => _directory.File("store.litedb");

    private string LogFile => _directory.File("store-log.litedb");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_restart_keeps_documents_and_the_revision_and_watches_from_before_list_again()
    {
        await using (IRevisionStore store = Open())
        {
            await PutAsync(store, Pod("a"), 0, "one");
            await PutAsync(store, Pod("b"), 0, "two");
            await PutAsync(store, Pod("a"), 2, "three");
            await DeleteAsync(store, Pod("b"), 3);
        }

        await using IRevisionStore reopened = Open();

        Assert.Equal(5, reopened.Revision);
        Assert.Equal("three", Value(Assert.Single(reopened.Read("pods").Range(null, null))));
        Assert.Equal(4, reopened.Find(Pod("a"))?.Revision);
        Assert.Throws<WatchExpiredException>(() => reopened.Watch("pods", null, 4));
        using IStoreWatch watch = reopened.Watch("pods", null, 5);
        Assert.Equal(6, await WrittenAsync(PutAsync(reopened, Pod("b"), 0)));
        Assert.Equal(6, Assert.Single(await TakeAsync(watch, 1)).Revision);
    }

    [Fact]
    public async Task Names_that_differ_in_case_only_are_two_and_so_are_keys_inside_a_document()
    {
        await using (IRevisionStore store = Open())
        {
            await PutAsync(store, Pod("admin"), 0, "small");
            await PutAsync(store, Pod("Admin"), 0, "large");
        }

        await using IRevisionStore reopened = Open();

        Assert.Equal(["large", "small"], reopened.Read("pods").Range(null, null).Select(Value));
    }

    [Fact]
    public async Task The_files_are_for_their_owner_only_and_for_one_process()
    {
        await using IRevisionStore store = Open();
        await PutAsync(store, Pod("a"), 0);

        Assert.All<string>(
            [DataFile, LogFile],
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Contains("another process has it open", Assert.Throws<StoreUnusableException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_space_runs_out_writes_are_refused_reads_go_on_and_it_recovers_when_there_is_room()
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
        }

        await using IRevisionStore reopened = Open(0);

        Assert.Equal(written, reopened.Read("pods").Count);
        Assert.Equal(written + 2, await WrittenAsync(PutBigAsync(reopened, written)));
    }

    [Fact]
    public async Task A_write_that_fits_is_taken_after_one_that_did_not()
    {
        await using IRevisionStore store = Open(Quota);

        WriteOutcome refused = await PutAsync(store, Pod("huge"), 0, new string('h', Quota * 2));
        long next = await WrittenAsync(PutAsync(store, Pod("small"), 0));

        Assert.IsType<WriteOutcome.Refused>(refused);
        Assert.Equal(2, next);
        Assert.Null(store.Find(Pod("huge")));
    }

    [Fact]
    public void What_reached_the_disk_of_a_batch_that_failed_is_taken_back()
    {
        var committed = new StoreEvent(default, Draft(Pod("a"), "one").Stamp(2), null);
        var replaced = new StoreEvent(Objects.Cluster.ClusterEventType.Modified, Draft(Pod("a"), "two").Stamp(3), committed.Document);
        var added = new StoreEvent(default, Draft(Pod("b")).Stamp(4), null);
        var other = new StoreEvent(default, Draft(Pod("c"), "three").Stamp(3), null);
        var trace = new FailingTrace();
        using (var journal = new LiteDbJournal(DataFile, 0, "restore", trace))
        {
            journal.Load();
            journal.Append([new CommittedChange(Pod("a"), committed)], 0);

            // The first sync comes before the mark, the second after it: all is in the file, but the caller hears of an error.
            trace.FailAfterSyncs = 1;
            Assert.Throws<JournalRefusedException>(
                () => journal.Append([new CommittedChange(Pod("a"), replaced), new CommittedChange(Pod("b"), added)], 0));
            Assert.Equal(0, trace.FailAfterSyncs);
            journal.Append([new CommittedChange(Pod("c"), other)], 0);
        }

        using var reopened = new LiteDbJournal(DataFile, 0, "restore", null);
        JournalImage image = reopened.Load();
        Assert.Equal(3, image.Revision);
        Assert.Equal(["one", "three"], image.Collections["pods"].Range(null, null).Select(Value));
    }

    [Fact]
    public async Task However_often_objects_are_updated_the_files_stay_within_three_times_the_live_data()
    {
        const int Objects = 200;
        await using IRevisionStore store = Open();
        for (int round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Objects).Select(i =>
                PutAsync(store, Pod($"p{i}"), store.Find(Pod($"p{i}"))?.Revision ?? 0, new string('v', 1200))));
        }

        long live = store.Read("pods").Range(null, null).Sum(document => document.Utf8.Length);

        await Eventually.TrueAsync(() => Size() <= 3 * live, $"the files hold {Size()} bytes for {live} live ones");
    }

    [Fact]
    public async Task A_file_of_free_pages_is_written_anew_at_the_next_start()
    {
        await using (IRevisionStore store = Open())
        {
            WriteOutcome[] made = await Task.WhenAll(
                Enumerable.Range(0, 80).Select(i => PutAsync(store, Pod($"p{i}"), 0, new string('v', 1_000_000))));
            await Task.WhenAll(made.OfType<WriteOutcome.Written>().Skip(1).Select(
                one => DeleteAsync(store, Pod(one.Document.Metadata.Name), one.Document.Revision)));
        }

        Assert.True(Size() > 64 * 1024 * 1024);
        await using IRevisionStore reopened = Open();

        Assert.Single(reopened.Read("pods").Range(null, null));
        Assert.True(Size() < 2 * 1024 * 1024, $"the files hold {Size()} bytes");
        Assert.Equal(161, await WrittenAsync(PutAsync(reopened, Pod("after"), 0)));
    }

    private long Size() => Directory.GetFiles(_directory.Path).Sum(file => new FileInfo(file).Length);

    private IRevisionStore Open() => Open(0);

    private IRevisionStore Open(long quota) => LiteDbTesting.Open(
        new StoreOptions { Path = DataFile, MaxFileBytes = quota, RestAfter = TimeSpan.FromMilliseconds(50) });

    private static Task<WriteOutcome> PutBigAsync(IRevisionStore store, int number) =>
        PutAsync(store, Pod($"p{number}"), 0, new string('v', 10_000));
}
