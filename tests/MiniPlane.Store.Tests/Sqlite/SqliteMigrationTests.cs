using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sqlite;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Sqlite;

public sealed class SqliteMigrationTests : IDisposable
{
    // What the first schema looked like; never to be changed.
    private const string FirstSchema = """
        CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE object (
          collection TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
          revision INTEGER NOT NULL, value BLOB NOT NULL,
          UNIQUE (collection, namespace, name));
        CREATE TABLE change (
          revision INTEGER NOT NULL PRIMARY KEY,
          collection TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
          previous_revision INTEGER NOT NULL, previous BLOB, final BLOB);
        INSERT INTO meta VALUES ('schema', 1), ('revision', 5), ('floor', 2);
        """;

    private readonly TemporaryDirectory _directory = new();

    private string DataFile => _directory.File("store.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_file_of_the_first_schema_keeps_its_objects_its_revision_and_its_history()
    {
        MakeFirst();

        await using (IRevisionStore store = Open())
        {
            using IStoreWatch watch = store.Watch("pods", null, 2);
            Assert.Equal(["one", "three", "two"], (await TakeAsync(watch, 3)).Select(change => Value(change.Document)));
            Assert.Equal(6, await WrittenAsync(PutAsync(store, Pod("c"), 0)));
        }

        await using IRevisionStore again = Open();
        Assert.Equal(["a", "c"], again.Read("pods").Range(null, null).Select(document => document.Metadata.Name));
        Assert.Throws<WatchExpiredException>(() => again.Watch("pods", null, 1));
    }

    [Fact]
    public async Task A_file_that_was_brought_up_to_date_can_give_room_back()
    {
        MakeFirst();
        await Open().DisposeAsync();

        using SqliteConnection connection = SqliteFile.Open(DataFile, 0);

        Assert.Equal(SqliteSchema.Version, SqliteSchema.ReadMeta(connection, "schema"));
        Assert.Equal(2, SqliteFile.Number(connection, "PRAGMA auto_vacuum"));
    }

    private void MakeFirst()
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False");
        connection.Open();
        SqliteFile.Execute(connection, FirstSchema);
        Insert(connection, "INSERT INTO object VALUES ('pods', 'default', 'a', 4, $one)", Stamped("a", "three", 4));
        Insert(connection, "INSERT INTO change VALUES (3, 'pods', 'default', 'a', 0, NULL, NULL)");
        Insert(connection, "INSERT INTO change VALUES (4, 'pods', 'default', 'a', 3, $one, NULL)", Stamped("a", "one", 3));
        Insert(
            connection,
            "INSERT INTO change VALUES (5, 'pods', 'default', 'b', 2, $one, $two)",
            Stamped("b", "two", 2),
            Stamped("b", "two", 5));
    }

    private static byte[] Stamped(string name, string value, long revision) =>
        Draft(Pod(name), value).Stamp(revision).Utf8.ToArray();

    private static void Insert(SqliteConnection connection, string sql, byte[]? one = null, byte[]? two = null)
    {
        using SqliteCommand command = SqliteFile.Command(connection, sql);
        command.Parameters.AddWithValue("$one", (object?)one ?? DBNull.Value);
        command.Parameters.AddWithValue("$two", (object?)two ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private IRevisionStore Open() =>
        SqliteRevisionStore.Open(new StoreOptions { Path = DataFile }, NullLoggerFactory.Instance);
}
