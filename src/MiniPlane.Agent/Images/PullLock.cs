using System.Globalization;

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
        _renewing = time.CreateTimer(_ => Renew(time), null, Renewal, Renewal);
    }

    /// <summary>Waits for the turn; <see cref="ImagePullException"/> after the limit.</summary>
    public static async ValueTask<PullLock> AcquireAsync(
        string path, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write);
                string owner = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {Environment.ProcessId}\n");
                await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(owner), cancellationToken);
                return new PullLock(path, time);
            }
            catch (IOException) when (File.Exists(path))
            {
                // Somebody has it.
            }

            if (time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(path) > Stale)
            {
                File.Delete(path);
                continue;
            }

            if (time.GetElapsedTime(started) > limit)
            {
                throw new ImagePullException("ErrImagePull", $"another node has been pulling the image for {limit.TotalMinutes:0} minutes");
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _renewing.DisposeAsync();
        File.Delete(_path);
    }

    private void Renew(TimeProvider time)
    {
        try
        {
            File.SetLastWriteTimeUtc(_path, time.GetUtcNow().UtcDateTime);
        }
        catch (IOException)
        {
            // Tried again at the next renewal, well before the lease is stale.
        }
    }
}
