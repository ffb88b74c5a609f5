using Microsoft.Data.Sqlite;

namespace MiniPlane.Store.Sqlite;

/// <summary>Takes back changes above a revision by the undo log.</summary>
internal static class SqliteRewind
{
    public static void To(SqliteConnection connection, long revision)
    {
        if (SqliteSchema.ReadMeta(connection, "revision") <= revision)
        {
            return;
        }

        using SqliteTransaction transaction = connection.BeginTransaction();
        foreach (long undone in RevisionsAfter(connection, revision))
        {
            Undo(connection, undone);
        }

        SqliteSchema.WriteMeta(connection, "revision", revision);
        transaction.Commit();
    }

    private static List<long> RevisionsAfter(SqliteConnection connection, long revision)
    {
        using SqliteCommand command = SqliteFile.Command(
            connection, "SELECT revision FROM change WHERE revision > $revision ORDER BY revision DESC");
        command.Parameters.AddWithValue("$revision", revision);
        using SqliteDataReader reader = command.ExecuteReader();
        var revisions = new List<long>();
        while (reader.Read())
        {
            revisions.Add(reader.GetInt64(0));
        }

        return revisions;
    }

    private static void Undo(SqliteConnection connection, long revision)
    {
        using SqliteCommand command = SqliteFile.Command(
            connection,
            """
            DELETE FROM object WHERE (collection, namespace, name) =
              (SELECT collection, namespace, name FROM change WHERE revision = $revision);
            INSERT INTO object (collection, namespace, name, revision, value)
              SELECT collection, namespace, name, previous_revision, previous FROM change
              WHERE revision = $revision AND previous IS NOT NULL;
            DELETE FROM change WHERE revision = $revision;
            """);
        command.Parameters.AddWithValue("$revision", revision);
        command.ExecuteNonQuery();
    }
}
