using Microsoft.Extensions.Logging;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;

namespace MiniPlane.Store.Sqlite;

/// <summary>
/// The durable store: one SQLite file with the current documents and a bounded log of changes, so that watches go on after a
/// restart.
/// </summary>
public static class SqliteRevisionStore
{
    /// <summary>Opens or makes the file at <see cref="StoreOptions.Path"/>. Throws <see cref="StoreUnusableException"/>.</summary>
    public static IRevisionStore Open(StoreOptions options, ILoggerFactory loggers) =>
        RevisionStore.Open(new SqliteJournal(options.Path, options.MaxFileBytes, options.RestoreCommand), options, loggers);
}
