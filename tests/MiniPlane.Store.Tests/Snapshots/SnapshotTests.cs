using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Store.Memory;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Snapshots;
using MiniPlane.Store.Sqlite;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Snapshots;

public sealed class SnapshotTests : IDisposable
{
    private static readonly SnapshotFile Key = new("pki/ca.key", UnixFileMode.UserRead, "secret"u8.ToArray());

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task What_was_saved_comes_back_with_its_revisions_and_the_store_goes_on_above_all_that_was_ever_given()
    {
        SnapshotContent snapshot = SnapshotReader.Read(new MemoryStream(await SaveAsync()));

        long revision = SnapshotRestore.IntoSqlite(snapshot, _directory.File("store.db"));

        Assert.Equal(snapshot.Revision + SnapshotRestore.RevisionGap, revision);
        await using IRevisionStore store = Open();
        Assert.Equal(["one", "two"], store.Read("pods").Range(null, null).Select(Value));
        Assert.Equal(4, store.Find(Pod("b"))?.Revision);
        Assert.Equal(revision + 1, await WrittenAsync(PutAsync(store, Pod("a"), store.Find(Pod("a"))?.Revision ?? 0)));
    }

    [Fact]
    public async Task A_watch_from_before_the_restore_has_expired_and_one_from_after_it_misses_nothing()
    {
        SnapshotContent snapshot = SnapshotReader.Read(new MemoryStream(await SaveAsync()));
        long revision = SnapshotRestore.IntoSqlite(snapshot, _directory.File("store.db"));
        await using IRevisionStore store = Open();

        Assert.All(
            [1, snapshot.Revision, snapshot.Revision + 1000, revision - 1],
            before => Assert.Throws<WatchExpiredException>(() => store.Watch("pods", null, before)));

        using IStoreWatch watch = store.Watch("pods", null, revision);
        await WrittenAsync(PutAsync(store, Pod("c"), 0));
        Assert.Equal(revision + 1, Assert.Single(await TakeAsync(watch, 1)).Revision);
    }

    [Fact]
    public async Task A_snapshot_is_of_one_revision_although_writers_go_on()
    {
        await using IRevisionStore store = MemoryRevisionStore.Open(new StoreOptions(), NullLoggerFactory.Instance);
        await WrittenAsync(PutAsync(store, Pod("a"), 0));
        StoreImage image = store.ReadAll();
        await WrittenAsync(PutAsync(store, Pod("b"), 0));
        var output = new MemoryStream();

        await SnapshotWriter.WriteObjectsAsync(output, image, DateTimeOffset.UnixEpoch, CancellationToken.None);
        output.Position = 0;
        SnapshotContent content = SnapshotReader.Read(output);

        Assert.Equal(2, content.Revision);
        Assert.Equal(Pod("a"), Assert.Single(content.Documents).Key);
        Assert.Empty(content.Files);
    }

    [Fact]
    public async Task The_files_come_back_as_they_were()
    {
        SnapshotFile file = Assert.Single(SnapshotReader.Read(new MemoryStream(await SaveAsync())).Files);

        Assert.Equal((Key.Path, Key.Mode), (file.Path, file.Mode));
        Assert.Equal(Key.Content.ToArray(), file.Content.ToArray());
    }

    [Fact]
    public async Task Whichever_byte_is_changed_it_is_found()
    {
        byte[] saved = await SaveAsync();
        int time = saved.AsSpan().IndexOf("1970"u8);

        for (int place = 0; place < saved.Length; place++)
        {
            // The time it was taken is told to people and decides nothing.
            if (place >= time && place < time + 25)
            {
                continue;
            }

            byte[] damaged = [.. saved];
            damaged[place] ^= 1;
            Assert.Throws<SnapshotDamagedException>(() => SnapshotReader.Read(new MemoryStream(damaged)));
        }
    }

    [Fact]
    public async Task Wherever_it_is_cut_it_is_found_unless_only_the_files_are_missing()
    {
        byte[] saved = await SaveAsync();
        int end = saved.AsSpan().IndexOf("[\"file\""u8);

        for (int length = 0; length < saved.Length; length++)
        {
            if (length != end)
            {
                Assert.Throws<SnapshotDamagedException>(() => SnapshotReader.Read(new MemoryStream(saved[..length])));
            }
        }
    }

    [Fact]
    public async Task One_of_a_newer_format_is_refused()
    {
        byte[] saved = await SaveAsync();
        int version = saved.AsSpan().IndexOf(",1,"u8) + 1;
        saved[version] = (byte)'2';

        SnapshotDamagedException refusal =
            Assert.Throws<SnapshotDamagedException>(() => SnapshotReader.Read(new MemoryStream(saved)));

        Assert.Contains("newer MiniPlane (format 2)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_there_is_not_overwritten()
    {
        await using (IRevisionStore store = Open())
        {
            await WrittenAsync(PutAsync(store, Pod("mine"), 0));
        }

        SnapshotContent snapshot = SnapshotReader.Read(new MemoryStream(await SaveAsync()));

        Assert.Throws<StoreUnusableException>(() => SnapshotRestore.IntoSqlite(snapshot, _directory.File("store.db")));
    }

    private static async Task<byte[]> SaveAsync()
    {
        await using IRevisionStore store = MemoryRevisionStore.Open(new StoreOptions(), NullLoggerFactory.Instance);
        await WrittenAsync(PutAsync(store, Pod("a"), 0, "one"));
        await WrittenAsync(PutAsync(store, Pod("gone"), 0));
        await WrittenAsync(PutAsync(store, Pod("b"), 0, "two"));
        await WrittenAsync(DeleteAsync(store, Pod("gone"), 3));
        var output = new MemoryStream();
        await SnapshotWriter.WriteObjectsAsync(output, store.ReadAll(), DateTimeOffset.UnixEpoch, CancellationToken.None);
        await SnapshotWriter.WriteFilesAsync(output, [Key], CancellationToken.None);
        return output.ToArray();
    }

    private IRevisionStore Open() => SqliteRevisionStore.Open(
        new StoreOptions { Path = _directory.File("store.db") }, NullLoggerFactory.Instance);
}
