using Microsoft.Extensions.Logging;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Sequencing;
using MiniPlane.Store.Snapshots;

namespace MiniPlane.Store.LiteDb;

/// <summary>
/// The store in a LiteDB file, for users of the original design: as safe as the SQLite one, slower, and without history, so that watches
/// list again after a restart. What it does differently from LiteDB's own way of working, and why: docs/decisions/0010-litedb.md.
/// </summary>
public static class LiteDbRevisionStore
{
    /// <summary>Opens or makes the file at <see cref="StoreOptions.Path"/>. Throws <see cref="StoreUnusableException"/>.</summary>
    public static IRevisionStore Open(StoreOptions options, ILoggerFactory loggers) => Open(options, null, loggers);

    /// <summary>
    /// Makes the data file at <paramref name="path"/>, which must not exist, all or nothing; see <see cref="SnapshotRestore"/>. Returns the
    /// store's revision.
    /// </summary>
    public static long Restore(SnapshotContent snapshot, string path)
    {
        using (var journal = new LiteDbJournal(path, 0, "", null))
        {
            SnapshotRestore.Into(snapshot, journal);
        }

        // What was written is read again: the last chance to find a bad disk before it is relied upon.
        using var written = new LiteDbJournal(path, 0, "", null);
        return written.Load().Revision;
    }

    internal static IRevisionStore Open(StoreOptions options, FileTrace? trace, ILoggerFactory loggers) =>
        RevisionStore.Open(new LiteDbJournal(options.Path, options.MaxFileBytes, options.RestoreCommand, trace), options, loggers);
}
