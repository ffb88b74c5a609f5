using System.Globalization;
using Microsoft.Data.Sqlite;
using MiniPlane.Store.Integrity;

namespace MiniPlane.Store.Sqlite;

/// <summary>Opens the data file the only way that is safe here, and says in plain words why it cannot be opened.</summary>
internal static class SqliteFile
{
    private const int PageBytes = 4096;
    private const int IncrementalVacuum = 2;

    // 8 MiB: what the write-ahead log may grow to under load, and what a checkpoint copies at most.
    private const int CheckpointPages = 2048;
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int IoError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static SqliteConnection Open(string path, long maxFileBytes)
    {
        SQLitePCL.Batteries_V2.Init();
        CreatePrivately(path);
        string settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 2,
        }.ToString();
        var connection = new SqliteConnection(settings);
        try
        {
            connection.Open();

            // EXCLUSIVE before anything else: then the WAL index is in the heap, not in shared memory, which network file systems lack.
            Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
            Execute(connection, $"PRAGMA page_size = {PageBytes}");

            // Before the first write. FULL syncs every commit; EXTRA also syncs the directory when the journal of the file's creation
            // is removed: one that came back after a power cut would be played back over everything written since.
            Execute(connection, "PRAGMA synchronous = EXTRA");

            // Takes effect in a file without tables, or by VACUUM: pages that are free can be given back without writing the file anew.
            if (Number(connection, "PRAGMA auto_vacuum") != IncrementalVacuum)
            {
                Execute(connection, "PRAGMA auto_vacuum = INCREMENTAL");
            }

            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, $"PRAGMA wal_autocheckpoint = {CheckpointPages}");
            Execute(connection, $"PRAGMA journal_size_limit = {CheckpointPages * PageBytes}");
            Execute(connection, "PRAGMA mmap_size = 0");
            if (maxFileBytes > 0)
            {
                Execute(connection, string.Create(
                    CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, maxFileBytes / PageBytes)}"));
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = Command(connection, sql);
        return command.ExecuteScalar() is long number ? number : 0;
    }

    public static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // All SQL is written in this room; data goes in as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    /// <summary>True when the file itself is sound and only more room is needed.</summary>
    public static bool IsFull(SqliteException exception) => exception.SqliteErrorCode == Full;

    /// <summary>What stopped a write, for clients: no paths.</summary>
    public static string ExplainWrite(SqliteException exception) => exception.SqliteErrorCode switch
    {
        Full => "no space is left for the cluster's data",
        ReadOnly => "the cluster's data file is read-only",
        IoError => "the disk of the cluster's data reported an error",
        Corrupt or NotADatabase => "the cluster's data file is damaged",
        _ => "the cluster's data could not be written",
    };

    /// <summary>What stopped the store from opening, for the person at the terminal, with the command that helps.</summary>
    public static StoreUnusableException ExplainOpen(string path, Exception exception, string restoreCommand)
    {
        string? damage = exception switch
        {
            DamagedDataException => exception.Message,
            SqliteException { SqliteErrorCode: Corrupt or NotADatabase } => "it is damaged or not a MiniPlane data file.",
            _ => null,
        };
        if (damage is not null)
        {
            return DamageAdvice.Unusable(path, damage, restoreCommand, exception);
        }

        string reason = exception switch
        {
            SqliteException sqlite => ExplainOpen(sqlite),
            UnauthorizedAccessException => "this user may not write there, or it is read-only.",
            _ => exception.Message,
        };
        return new StoreUnusableException($"The cluster's data in {path} cannot be opened: {reason}", exception);
    }

    private static string ExplainOpen(SqliteException exception) => exception.SqliteErrorCode switch
    {
        Busy => "another process has it open.",
        ReadOnly => "it is read-only.",
        Full => "the disk is full.",
        CannotOpen => "this user may not open it, or a part of its path is missing, or it is read-only.",
        _ => exception.Message,
    };

    private static void CreatePrivately(string path)
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
        {
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        }

        // The WAL gets the mode of the data file, so it is enough to set that.
        if (File.Exists(path))
        {
            File.SetUnixFileMode(path, OwnerOnly);
            return;
        }

        using var created = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            UnixCreateMode = OwnerOnly,
        });
    }
}
