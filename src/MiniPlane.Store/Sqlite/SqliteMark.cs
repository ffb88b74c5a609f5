using Microsoft.Data.Sqlite;
using MiniPlane.Store.Integrity;

namespace MiniPlane.Store.Sqlite;

/// <summary>What the file says of itself as a whole; written with every batch.</summary>
internal sealed record SqliteMark
{
    private const string Names = "'revision', 'floor', 'count', 'digest'";

    public required long Revision { get; init; }

    /// <summary>Every change above this revision is in the log.</summary>
    public required long Floor { get; init; }

    public required StoreDigest Digest { get; init; }

    public static SqliteMark Read(SqliteConnection connection) => new()
    {
        Revision = SqliteSchema.ReadMeta(connection, "revision"),
        Floor = SqliteSchema.ReadMeta(connection, "floor"),
        Digest = new StoreDigest(SqliteSchema.ReadMeta(connection, "count"), SqliteSchema.ReadMeta(connection, "digest")),
    };

    /// <summary>A statement that writes all of it at once.</summary>
    public static SqliteCommand WriteCommand(SqliteConnection connection)
    {
        SqliteCommand command = SqliteFile.Command(
            connection,
            $"""
            UPDATE meta SET value = CASE name
              WHEN 'revision' THEN $revision WHEN 'floor' THEN $floor WHEN 'count' THEN $count ELSE $digest END
            WHERE name IN ({Names})
            """);
        foreach (string name in (ReadOnlySpan<string>)["$revision", "$floor", "$count", "$digest"])
        {
            command.Parameters.Add(name, SqliteType.Integer);
        }

        return command;
    }

    public void Write(SqliteCommand command)
    {
        command.Parameters[0].Value = Revision;
        command.Parameters[1].Value = Floor;
        command.Parameters[2].Value = Digest.Count;
        command.Parameters[3].Value = Digest.Sum;
        command.ExecuteNonQuery();
    }
}
