using Microsoft.Data.Sqlite;
using MiniPlane.Store.Integrity;

namespace MiniPlane.Store.Sqlite;

/// <summary>Takes back changes after a mark by the undo log.</summary>
internal static class SqliteRewind
{
    public static void To(SqliteConnection connection, SqliteMark mark)
    {
        var found = SqliteMark.Read(connection);
        if (found.Revision <= mark.Revision)
        {
            return;
        }

        using SqliteTransaction transaction = connection.BeginTransaction();
        foreach (long undone in RevisionsAfter(connection, mark.Revision))
        {
            Undo(connection, undone);
        }

        using SqliteCommand write = SqliteMark.WriteCommand(connection);


        // What the batch forgot of the log stays forgotten.
        (mark with { Floor = Math.Max(mark.Floor, found.Floor) }).Write(write);
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
            INSERT INTO object (collection, namespace, name, revision, value, sum)
              SELECT collection, namespace, name, previous_revision, previous, $sum FROM change
              WHERE revision = $revision AND previous IS NOT NULL;
            DELETE FROM change WHERE revision = $revision;
            """);
        command.Parameters.AddWithValue("$revision", revision);
        command.Parameters.AddWithValue("$sum", (long)PreviousSum(connection, revision));
        command.ExecuteNonQuery();
    }

    private static uint PreviousSum(SqliteConnection connection, long revision)
    {
        using SqliteCommand command = SqliteFile.Command(
            connection,
            """
            SELECT collection, namespace, name, previous_revision, previous FROM change
            WHERE revision = $revision AND previous IS NOT NULL
            """);
        command.Parameters.AddWithValue("$revision", revision);
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read()
            ? DocumentChecksum.Of(SqliteLoader.ReadKey(reader, 0), reader.GetInt64(3), reader.GetFieldValue<byte[]>(4))
            : 0;
    }
}
