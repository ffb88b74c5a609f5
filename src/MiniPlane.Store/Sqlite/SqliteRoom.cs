using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MiniPlane.Store.Sqlite;

/// <summary>Gives room on the disk back when nobody waits for a write: free pages of the file, then the write-ahead log.</summary>
internal static class SqliteRoom
{
    // 8 MiB, some 20 ms: a write that comes meanwhile waits that long.
    private const int PagesAtOnce = 2048;

    /// <summary>True if there is more to give back.</summary>
    public static bool GiveBack(SqliteConnection connection)
    {
        // A page or two is free after most batches and is used again by the next.
        long free = SqliteFile.Number(connection, "PRAGMA freelist_count");
        bool isWorthIt = free > SqliteFile.Number(connection, "PRAGMA page_count") / 8;
        if (isWorthIt)
        {
            SqliteFile.Execute(
                connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA incremental_vacuum({PagesAtOnce})"));
        }

        SqliteFile.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        return isWorthIt && SqliteFile.Number(connection, "PRAGMA freelist_count") < free;
    }
}
