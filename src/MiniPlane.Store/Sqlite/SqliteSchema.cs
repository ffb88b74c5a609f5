using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MiniPlane.Store.Sqlite;

/// <summary>The tables, and which version of them this program understands.</summary>
internal static class SqliteSchema
{
    private const long Version = 1;

    /// <summary>
    /// <c>object</c> is the present, <c>change</c> the recent past as an undo log: each row keeps what it replaced, so a creation
    /// costs a few bytes, and every event of the log can be rebuilt whole by walking back from the present.
    /// </summary>
    private const string Tables = """
        CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE object (
          collection TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
          revision INTEGER NOT NULL, value BLOB NOT NULL,
          UNIQUE (collection, namespace, name));
        CREATE TABLE change (
          revision INTEGER NOT NULL PRIMARY KEY,
          collection TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
          previous_revision INTEGER NOT NULL, previous BLOB, final BLOB);
        INSERT INTO meta VALUES ('schema', 1), ('revision', 1), ('floor', 0);
        """;

    /// <summary>Makes the tables of a new file, checks those of an old one.</summary>
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
    }

    public static long ReadMeta(SqliteConnection connection, string name)
    {
        using SqliteCommand command = SqliteFile.Command(connection, "SELECT value FROM meta WHERE name = $name");
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() is long value
            ? value
            : throw new InvalidDataException($"it has no entry for '{name}' and is not a MiniPlane data file, or is damaged.");
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
        if (command.ExecuteScalar() is not "ok")
        {
            throw new InvalidDataException(
                "it is damaged. Restore a snapshot, or move the file away to start an empty cluster.");
        }
    }

    private static bool HasTables(SqliteConnection connection)
    {
        using SqliteCommand command = SqliteFile.Command(connection, "SELECT count(*) FROM sqlite_schema");
        return command.ExecuteScalar() is > 0L;
    }
}
