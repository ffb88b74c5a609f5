namespace MiniPlane.Agent.Images;

/// <summary>
/// A turn at making one file, across nodes: a lease file made exclusively, renewed while it is held, and taken away from an owner
/// that has not renewed it for a while. (File locks do not work on every NFS.)
/// </summary>
internal sealed class PullLock : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(2);

    private readonly string _path;
    private readonly ITimer _renewing;

    private PullLock(string path, TimeProvider time)
    {
        _path = path;
        _renewing = time.CreateTimer(_ => Renew(), null, Renewal, Renewal);
    }

    /// <summary>Waits for the turn, and says for whom; <see cref="ImagePullException"/> after the limit.</summary>
    public static ValueTask<PullLock> AcquireAsync(
        string path, TimeSpan limit, Action<string> waiting, TimeProvider time, CancellationToken cancellationToken) =>
        AcquireAsync([path], limit, waiting, time, cancellationToken);

    /// <summary>Waits for a turn at any of several.</summary>
    public static async ValueTask<PullLock> AcquireAsync(
        IReadOnlyList<string> paths, TimeSpan limit, Action<string> waiting, TimeProvider time, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (true)
        {
            foreach (string path in paths)
            {
                if (TryAcquire(path, time) is { } mine)
                {
                    return mine;
                }
            }

            if (time.GetElapsedTime(started) > limit)
            {
                throw new ImagePullException("ErrImagePull", $"another node has been pulling the image for {limit.TotalMinutes:0} minutes");
            }

            waiting(SharedFile.OwnerOf(paths[0]));
            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    /// <summary>Takes the turn if nobody has it.</summary>
    public static PullLock? TryAcquire(string path, TimeProvider time)
    {
        try
        {
            using (new FileStream(path, FileMode.CreateNew, FileAccess.Write))
            {
            }

            SharedFile.Touch(path);
            return new PullLock(path, time);
        }
        catch (IOException) when (File.Exists(path))
        {
            if (SharedFile.Age(path) > Stale)
            {
                TakeAway(path);
            }

            return null;
        }
        catch (IOException) when (Directory.Exists(Path.GetDirectoryName(path)))
        {
            // It was there, and is not any more.
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _renewing.DisposeAsync();
        SharedFile.TryDelete(_path);
    }

    // Two that find the same dead owner must not take away each other's new lock: only one of them can move the old file.
    private static void TakeAway(string path)
    {
        string gone = SharedFile.Beside(path, "stale");
        try
        {
            File.Move(path, gone);
            if (SharedFile.Age(gone) <= Stale)
            {
                File.Move(gone, path, overwrite: false);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody else was quicker, or it is another account's.
        }

        SharedFile.TryDelete(gone);
    }

    private void Renew()
    {
        try
        {
            SharedFile.Touch(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Tried again at the next renewal, well before the lease is stale.
        }
    }
}
