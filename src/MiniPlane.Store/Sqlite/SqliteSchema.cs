using System.Globalization;
using Microsoft.Data.Sqlite;
using MiniPlane.Store.Integrity;

namespace MiniPlane.Store.Sqlite;

/// <summary>The tables, and which version of them this program understands.</summary>
internal static class SqliteSchema
{
    public const long Version = 2;

    /// <summary>
    /// <c>object</c> is the present, <c>change</c> the recent past as an undo log: each row keeps what it replaced, so a creation
    /// costs a few bytes, and every event of the log can be rebuilt whole by walking back from the present. <c>sum</c> is a row's
    /// checksum, <c>count</c> and <c>digest</c> are what all of <c>object</c> adds up to.
    /// </summary>
    private const string Tables = """
        CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE object (
          collection TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
          revision INTEGER NOT NULL, value BLOB NOT NULL, sum INTEGER NOT NULL,
          UNIQUE (collection, namespace, name));
        CREATE TABLE change (
          revision INTEGER NOT NULL PRIMARY KEY,
          collection TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
          previous_revision INTEGER NOT NULL, previous BLOB, final BLOB, sum INTEGER NOT NULL);
        INSERT INTO meta VALUES ('schema', 2), ('revision', 1), ('floor', 0), ('count', 0), ('digest', 0);
        """;

    /// <summary>Makes the tables of a new file, checks those of an old one and brings them up to date.</summary>
    public static void Prepare(SqliteConnection connection)
    {
        CheckPages(connection);
        if (!HasTables(connection))
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            SqliteFile.Execute(connection, Tables);
            transaction.Commit();
            return;
        }

        long version = ReadMeta(connection, "schema");
        if (version > Version)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"it was written by a newer MiniPlane (schema {version}; this one knows {Version}). Use that version or a newer one."));
        }

        SqliteMigrations.Run(connection, version);
    }

    public static long ReadMeta(SqliteConnection connection, string name)
    {
        using SqliteCommand command = SqliteFile.Command(connection, "SELECT value FROM meta WHERE name = $name");
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() is long value
            ? value
            : throw new DamagedDataException($"it has no entry for '{name}', so it is damaged or not a MiniPlane data file.");
    }

    public static void WriteMeta(SqliteConnection connection, string name, long value)
    {
        using SqliteCommand command = SqliteFile.Command(connection, "UPDATE meta SET value = $value WHERE name = $name");
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$value", value);
        command.ExecuteNonQuery();
    }

    private static void CheckPages(SqliteConnection connection)
    {
        using SqliteCommand command = SqliteFile.Command(connection, "PRAGMA quick_check(1)");
        if (command.ExecuteScalar() is var found and not "ok")
        {
            throw new DamagedDataException($"its pages are damaged ({found}).");
        }
    }

    private static bool HasTables(SqliteConnection connection)
    {
        using SqliteCommand command = SqliteFile.Command(connection, "SELECT count(*) FROM sqlite_schema");
        return command.ExecuteScalar() is > 0L;
    }
}
