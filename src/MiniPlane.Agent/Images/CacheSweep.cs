using Microsoft.Extensions.Logging;

namespace MiniPlane.Agent.Images;

/// <summary>
/// Keeps the image cache below its size: images that no pod uses go, the longest unused first, until a fifth is free. What an agent left
/// that was killed while it pulled goes too.
/// </summary>
internal static partial class CacheSweep
{
    private const double Target = 0.8;

    // kubelet's imageMinimumGCAge: an image that was just pulled is about to be used.
    private static readonly TimeSpan LeastAge = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);
    private static readonly string[] Images = [".sif", ".squashfs"];
    private static readonly string[] Leftovers = [".partial", ".lock", ".stale", ".gone"];

    /// <summary>Makes room if there is more than <paramref name="limit"/> bytes of images. Only one agent does so at a time.</summary>
    public static async Task RunAsync(string cache, long limit, ILogger logger, TimeProvider time)
    {
        if (limit <= 0)
        {
            return;
        }

        try
        {
            await using var mine = PullLock.TryAcquire(Path.Combine(cache, "sweep.lock"), time);
            if (mine is not null)
            {
                Sweep(cache, limit, logger);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogFailed(logger, exception.Message);
        }
    }

    private static void Sweep(string cache, long limit, ILogger logger)
    {
        DateTime now = SharedFile.Now(cache);
        FileInfo[] files = new DirectoryInfo(cache).GetFiles();
        foreach (FileInfo file in files.Where(file => Leftovers.Contains(file.Extension, StringComparer.Ordinal) && now - file.LastWriteTimeUtc > Abandoned))
        {
            SharedFile.TryDelete(file.FullName);
        }

        // An image and the file system that was taken out of it are one thing.
        IGrouping<string, FileInfo>[] images =
            [.. files.Where(file => Images.Contains(file.Extension, StringComparer.Ordinal)).GroupBy(file => Path.ChangeExtension(file.Name, ".sif"), StringComparer.Ordinal)];
        long total = images.Sum(image => image.Sum(file => file.Length));
        if (total <= limit)
        {
            return;
        }

        foreach (IGrouping<string, FileInfo> image in images.OrderBy(image => ImageUses.LastUse(cache, image.Key)))
        {
            if (total <= limit * Target)
            {
                return;
            }

            if (now - ImageUses.LastUse(cache, image.Key) >= LeastAge && Remove(cache, image.Key, image, now))
            {
                long bytes = image.Sum(file => file.Length);
                total -= bytes;
                LogRemoved(logger, image.Key, bytes);
            }
        }
    }

    /// <summary>Removes an image that nobody uses. An agent says that it uses one before it looks, so the second look here is certain.</summary>
    private static bool Remove(string cache, string image, IEnumerable<FileInfo> files, DateTime now)
    {
        string path = Path.Combine(cache, image);
        string gone = SharedFile.Beside(path, "gone");
        if (ImageUses.IsUsed(cache, image, now) || !TryMove(path, gone))
        {
            return false;
        }

        if (ImageUses.IsUsed(cache, image, now))
        {
            TryMove(gone, path);
            return false;
        }

        SharedFile.TryDelete(gone);
        foreach (FileInfo file in files)
        {
            SharedFile.TryDelete(file.FullName);
        }

        ImageUses.Forget(cache, image);
        return true;
    }

    private static bool TryMove(string from, string to)
    {
        try
        {
            if (File.Exists(from))
            {
                File.Move(from, to);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another account's image in a cache that all share.
            return false;
        }
    }

    [LoggerMessage(7040, LogLevel.Information, "Removed the image {Image} from the cache, {Bytes} bytes")]
    private static partial void LogRemoved(ILogger logger, string image, long bytes);

    [LoggerMessage(7041, LogLevel.Warning, "The image cache cannot be looked after: {Message}")]
    private static partial void LogFailed(ILogger logger, string message);
}
