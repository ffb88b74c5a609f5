using Microsoft.Data.Sqlite;
using MiniPlane.Store.Integrity;

namespace MiniPlane.Store.Sqlite;

/// <summary>
/// Brings a file of an older schema up to date, one version at a time, each in its own transaction: a start that is cut short goes on
/// from where it was. There is no way back, so an older program refuses the file.
/// </summary>
internal static class SqliteMigrations
{
    // The step at index 0 leads from schema 1 to schema 2.
    private static readonly Action<SqliteConnection>[] Steps = [AddChecksums];

    public static void Run(SqliteConnection connection, long version)
    {
        for (long from = version; from < SqliteSchema.Version; from++)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            Steps[from - 1](connection);
            SqliteSchema.WriteMeta(connection, "schema", from + 1);
            transaction.Commit();
        }

        if (version < SqliteSchema.Version)
        {
            WriteAnew(connection);
        }
    }

    /// <summary>Only a file written anew can give pages back. A disk without room for that keeps the file as it is.</summary>
    private static void WriteAnew(SqliteConnection connection)
    {
        try
        {
            SqliteFile.Execute(connection, "VACUUM");
        }
        catch (SqliteException exception) when (SqliteFile.IsFull(exception))
        {
            return;
        }
    }

    private static void AddChecksums(SqliteConnection connection)
    {
        SqliteFile.Execute(
            connection,
            """
            ALTER TABLE object ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE change ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
            """);
        StoreDigest digest = SumObjects(connection);
        SumChanges(connection);
        using SqliteCommand meta = SqliteFile.Command(connection, "INSERT INTO meta VALUES ('count', $count), ('digest', $digest)");
        meta.Parameters.AddWithValue("$count", digest.Count);
        meta.Parameters.AddWithValue("$digest", digest.Sum);
        meta.ExecuteNonQuery();
    }

    private static StoreDigest SumObjects(SqliteConnection connection)
    {
        var digest = default(StoreDigest);
        using SqliteCommand write = SqliteFile.Command(connection, "UPDATE object SET sum = $sum WHERE rowid = $row");
        var sums = new List<(long Row, uint Sum)>();
        using (SqliteCommand read = SqliteFile.Command(
            connection, "SELECT collection, namespace, name, rowid, revision, value FROM object"))
        using (SqliteDataReader reader = read.ExecuteReader())
        {
            while (reader.Read())
            {
                uint sum = DocumentChecksum.Of(SqliteLoader.ReadKey(reader, 0), reader.GetInt64(4), reader.GetFieldValue<byte[]>(5));
                digest = digest.With(sum, reader.GetInt64(4));
                sums.Add((reader.GetInt64(3), sum));
            }
        }

        WriteAll(write, sums);
        return digest;
    }

    private static void SumChanges(SqliteConnection connection)
    {
        using SqliteCommand write = SqliteFile.Command(connection, "UPDATE change SET sum = $sum WHERE revision = $row");
        var sums = new List<(long Row, uint Sum)>();
        using (SqliteCommand read = SqliteFile.Command(
            connection, "SELECT collection, namespace, name, revision, previous, final FROM change"))
        using (SqliteDataReader reader = read.ExecuteReader())
        {
            while (reader.Read())
            {
                sums.Add((reader.GetInt64(3), SqliteLoader.ChangeSum(SqliteLoader.ReadKey(reader, 0), reader.GetInt64(3), Blob(reader, 4), Blob(reader, 5))));
            }
        }

        WriteAll(write, sums);
    }

    private static void WriteAll(SqliteCommand write, List<(long Row, uint Sum)> sums)
    {
        SqliteParameter sum = write.Parameters.Add("$sum", SqliteType.Integer);
        SqliteParameter row = write.Parameters.Add("$row", SqliteType.Integer);
        foreach ((long key, uint value) in sums)
        {
            sum.Value = (long)value;
            row.Value = key;
            write.ExecuteNonQuery();
        }
    }

    private static byte[] Blob(SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? [] : reader.GetFieldValue<byte[]>(column);
}
