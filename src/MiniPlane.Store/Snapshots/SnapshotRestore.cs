using MiniPlane.Store.Sequencing;
using MiniPlane.Store.Sqlite;

namespace MiniPlane.Store.Snapshots;

/// <summary>Makes a store from a snapshot.</summary>
public static class SnapshotRestore
{
    /// <summary>
    /// How far a restored store's revision lies above the snapshot's: more than any cluster writes between a snapshot and its end. So
    /// a revision is never given twice, and as the history starts there, every watch and list from before gets 410 and its client
    /// lists again, instead of missing what came between (etcd's <c>snapshot restore --bump-revision --mark-compacted</c>).
    /// </summary>
    public const long RevisionGap = 1_000_000_000;

    /// <summary>
    /// Makes the data file at <paramref name="path"/>, which must not exist, in one transaction. Objects keep their revisions. Returns
    /// the store's. Throws <see cref="StoreUnusableException"/>.
    /// </summary>
    public static long IntoSqlite(SnapshotContent snapshot, string path)
    {
        using (var journal = new SqliteJournal(path, 0, ""))
        {
            Into(snapshot, journal);
        }

        // What was written is read again: the last chance to find a bad disk before it is relied upon.
        using var written = new SqliteJournal(path, 0, "");
        return written.Load().Revision;
    }

    internal static void Into(SnapshotContent snapshot, IJournal journal)
    {
        JournalImage empty = journal.Load();
        if (empty.Revision != JournalImage.Empty.Revision)
        {
            throw new StoreUnusableException("The store is not empty.", null);
        }

        try
        {
            journal.Seed(snapshot.Documents, snapshot.Revision + RevisionGap);
        }
        catch (JournalRefusedException exception)
        {
            throw new StoreUnusableException($"The snapshot cannot be restored: {exception.Message}.", exception);
        }
    }
}
