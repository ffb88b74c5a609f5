using System.Globalization;
using MiniPlane.Store;
using MiniPlane.Store.Locking;
using MiniPlane.Store.Snapshots;

namespace MiniPlane.Snapshots;

/// <summary>Restores a snapshot. The store is made beside its place and moved there whole: a restore that is cut short left nothing.</summary>
internal static class SnapshotPutBack
{
    /// <param name="dataDirectory">Where no server runs.</param>
    /// <param name="snapshot">What to put there.</param>
    /// <param name="format">How to keep it; null for the way in which the store that is there is kept.</param>
    /// <param name="replaces">A store that is there is moved aside.</param>
    /// <param name="time">Names what is moved aside.</param>
    public static SnapshotRestored Run(string dataDirectory, SnapshotContent snapshot, StoreFormat? format, bool replaces, TimeProvider time)
    {
        using var owned = DataDirectoryLock.Acquire(dataDirectory);
        string store = SnapshotFiles.StoreDirectory(dataDirectory);
        bool isThere = Directory.Exists(store) && Directory.EnumerateFileSystemEntries(store).Any();
        if (isThere && !replaces)
        {
            throw new StoreUnusableException(
                $"{store} holds a store already. With --replace it is moved aside; or restore to an empty --data-dir.", null);
        }

        string temporary = $"{store}.{Guid.NewGuid():N}.new";
        try
        {
            StoreFormat target = format ?? StoreFormats.Stored(dataDirectory) ?? StoreFormats.Sqlite;
            long revision = target.Restore(snapshot, Path.Combine(temporary, target.FileName));
            SnapshotFiles.WriteMissing(dataDirectory, snapshot.Files);
            string? aside = isThere ? MoveAside(store, time) : null;
            if (Directory.Exists(store))
            {
                Directory.Delete(store);
            }

            Directory.Move(temporary, store);
            return new SnapshotRestored(revision, aside);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static string MoveAside(string store, TimeProvider time)
    {
        string name = store + ".replaced-" + time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string free = Enumerable.Range(0, int.MaxValue)
            .Select(number => number == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"))
            .First(candidate => !Directory.Exists(candidate));
        Directory.Move(store, free);
        return free;
    }
}
