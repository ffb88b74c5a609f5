using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Objects.Cluster;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sqlite;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Sqlite;

public sealed class SqliteRestartTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string DataFile => _directory.File("store.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_restart_keeps_documents_and_the_revision()
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
        Assert.Equal(6, await WrittenAsync(PutAsync(reopened, Pod("b"), 0)));
    }

    [Fact]
    public async Task A_watch_goes_on_across_a_restart_without_a_gap()
    {
        await using (IRevisionStore store = Open())
        {
            await PutAsync(store, Pod("a"), 0, "one");
            await PutAsync(store, Pod("a"), 2, "two");
            await PutAsync(store, Pod("b"), 0, "other");
            await DeleteAsync(store, Pod("a"), 3);
            await PutAsync(store, Pod("a"), 0, "new");
        }

        await using IRevisionStore reopened = Open();
        using IStoreWatch watch = reopened.Watch("pods", null, 2);
        await PutAsync(reopened, Pod("a"), 6, "newer");
        List<StoreEvent> events = await TakeAsync(watch, 5);

        Assert.Equal([3L, 4, 5, 6, 7], events.Select(change => change.Revision));
        Assert.Equal(["one", "", "two", "", "new"], events.Select(change => Value(change.Previous)));
        Assert.Equal(
            [
                ClusterEventType.Modified,
                ClusterEventType.Added,
                ClusterEventType.Deleted,
                ClusterEventType.Added,
                ClusterEventType.Modified,
            ],
            events.Select(change => change.Type));
        Assert.Equal("two", Value(events[0].Document));
    }

    [Fact]
    public async Task The_change_log_is_bounded_and_a_watch_from_before_it_has_expired()
    {
        StoreOptions options = Options() with { ChangeLogLength = 20 };
        await using (IRevisionStore store = Open(options))
        {
            for (int i = 0; i < 200; i++)
            {
                await PutAsync(store, Pod($"p{i}"), 0);
            }
        }

        await using IRevisionStore reopened = Open(options);

        Assert.Equal(200, reopened.Read("pods").Count);
        Assert.Throws<WatchExpiredException>(() => reopened.Watch("pods", null, 100));
        Assert.Throws<WatchExpiredException>(() => reopened.Watch("never.written", null, 100));
        using IStoreWatch watch = reopened.Watch("pods", null, reopened.Revision - 20);
        Assert.Equal(20, (await TakeAsync(watch, 20)).Count);
    }

    [Fact]
    public async Task The_data_file_and_its_log_are_for_their_owner_only()
    {
        await using IRevisionStore store = Open();
        await PutAsync(store, Pod("a"), 0);

        string[] files = Directory.GetFiles(_directory.Path);

        Assert.Contains(DataFile, files);
        Assert.Contains(DataFile + "-wal", files);
        Assert.All(
            files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task A_file_of_a_newer_schema_is_refused_and_left_alone()
    {
        await Open().DisposeAsync();
        Execute("UPDATE meta SET value = 99 WHERE name = 'schema'");
        byte[] before = await File.ReadAllBytesAsync(DataFile);

        StoreUnusableException refusal = Assert.Throws<StoreUnusableException>(() => Open());

        Assert.Contains("newer MiniPlane (schema 99", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(DataFile));
    }

    [Fact]
    public async Task A_damaged_file_is_refused_with_words_for_the_user()
    {
        await using (IRevisionStore store = Open())
        {
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => PutAsync(store, Pod($"p{i}"), 0, new string('v', 500))));
        }

        await using (FileStream file = File.OpenWrite(DataFile))
        {
            file.Seek(4096 * 4, SeekOrigin.Begin);
            await file.WriteAsync(Enumerable.Repeat((byte)0x5a, 4096 * 4).ToArray());
        }

        StoreUnusableException refusal = Assert.Throws<StoreUnusableException>(() => Open());

        Assert.Contains("damaged", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_words_for_the_user()
    {
        await File.WriteAllTextAsync(DataFile, new string('n', 9000));

        StoreUnusableException refusal = Assert.Throws<StoreUnusableException>(() => Open());

        Assert.Contains("not a MiniPlane data file", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_open_already_is_refused()
    {
        await using IRevisionStore store = Open();

        StoreUnusableException refusal = Assert.Throws<StoreUnusableException>(() => Open());

        Assert.Contains("another process has it open", refusal.Message, StringComparison.Ordinal);
    }

    private StoreOptions Options() => new() { Path = DataFile };

    private IRevisionStore Open() => Open(Options());

    private static IRevisionStore Open(StoreOptions options) => SqliteRevisionStore.Open(options, NullLoggerFactory.Instance);

    private void Execute(string sql)
    {
        using SqliteConnection connection = SqliteFile.Open(DataFile, 0);
        SqliteFile.Execute(connection, sql);
    }
}
