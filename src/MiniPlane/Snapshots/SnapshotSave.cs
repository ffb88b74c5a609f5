using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Store;
using MiniPlane.Store.Locking;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Snapshots;

namespace MiniPlane.Snapshots;

/// <summary>Saves a snapshot: of the file when no server runs, else of what the server holds in memory, so that it never stops.</summary>
internal static class SnapshotSave
{
    // Longer than the server lets a snapshot take.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(11);

    /// <summary>
    /// Writes the file, reads it again and only then gives it its name: a file with that name is whole. Returns what it holds.
    /// </summary>
    public static async Task<SnapshotContent> RunAsync(
        string dataDirectory, string path, TimeProvider time, CancellationToken cancellationToken)
    {
        RequireCluster(dataDirectory);
        if (File.Exists(path))
        {
            throw new StoreUnusableException($"{path} exists; it is not overwritten.", null);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
        string temporary = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            await using FileStream file = SnapshotFiles.CreatePrivately(temporary);
            await WriteAsync(dataDirectory, file, time, ended.Token);
            await SnapshotWriter.WriteFilesAsync(file, SnapshotFiles.Gather(dataDirectory), ended.Token);
            file.Flush(flushToDisk: true);
            file.Position = 0;
            SnapshotContent saved = SnapshotReader.Read(file);
            File.Move(temporary, path, overwrite: false);
            return saved;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Opens the store as a start would, which checks all of it; says what it found.</summary>
    public static async Task<string> CheckStoreAsync(string dataDirectory)
    {
        RequireCluster(dataDirectory);
        using var owned = DataDirectoryLock.Acquire(dataDirectory);
        await using IRevisionStore store = Open(dataDirectory);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{SnapshotFiles.StoreFile(dataDirectory)} is sound: {store.ReadAll().Documents().Count()} objects at revision {store.Revision}");
    }

    private static async Task WriteAsync(string dataDirectory, FileStream file, TimeProvider time, CancellationToken cancellationToken)
    {
        string kubeconfig = Path.Combine(dataDirectory, AdminKubeconfig.FileName);
        try
        {
            using var owned = DataDirectoryLock.Acquire(dataDirectory);
            await using IRevisionStore store = Open(dataDirectory);
            await SnapshotWriter.WriteObjectsAsync(file, store.ReadAll(), time.GetUtcNow(), cancellationToken);
        }
        catch (DataDirectoryInUseException) when (File.Exists(kubeconfig))
        {
            await SnapshotClient.CopyObjectsAsync(dataDirectory, file, cancellationToken);
        }
    }

    private static IRevisionStore Open(string dataDirectory) => (StoreFormats.Stored(dataDirectory) ?? StoreFormats.Sqlite).Open(
        new StoreOptions
        {
            Path = SnapshotFiles.StoreFile(dataDirectory),
            RestoreCommand = SnapshotFiles.RestoreCommand(dataDirectory),
        },
        NullLoggerFactory.Instance);

    private static void RequireCluster(string dataDirectory)
    {
        if (!File.Exists(Path.Combine(dataDirectory, AdminKubeconfig.FileName)) && !File.Exists(SnapshotFiles.StoreFile(dataDirectory)))
        {
            throw new StoreUnusableException($"{dataDirectory} holds no cluster.", null);
        }
    }
}
