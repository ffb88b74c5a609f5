namespace MiniPlane.Agent.Images;

/// <summary>
/// Which images a pod uses, for all who look after the cache: <c>uses/IMAGE/POD</c>, a file that is renewed while the pod runs. The time
/// of its directory tells when the image was used last.
/// </summary>
internal sealed class ImageUses : IDisposable
{
    private const string FolderName = "uses";
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(20);

    private readonly string _folder;
    private readonly string _pod;
    private readonly ITimer _renewing;

    // Guards _used. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <param name="cache">The directory of the images.</param>
    /// <param name="pod">The pod's uid.</param>
    /// <param name="time">For the renewals.</param>
    public ImageUses(string cache, string pod, TimeProvider time)
    {
        _folder = Path.Combine(cache, FolderName);
        _pod = pod;
        _renewing = time.CreateTimer(_ => Renew(), null, Renewal, Renewal);
    }

    /// <summary>Says that the pod uses the image. Said before one looks whether it is there, so that nobody removes it after that.</summary>
    public void Add(string image)
    {
        lock (_gate)
        {
            _used.Add(image);
        }

        Mark(image);
    }

    /// <summary>Whether any pod uses the image.</summary>
    public static bool IsUsed(string cache, string image, DateTime now) =>
        Marks(cache, image).Any(mark => now - File.GetLastWriteTimeUtc(mark) < Stale);

    /// <summary>When a pod last began or stopped to use it; the image's own time for one that no pod ever did.</summary>
    public static DateTime LastUse(string cache, string image)
    {
        string folder = Path.Combine(cache, FolderName, image);
        return Directory.Exists(folder) ? Directory.GetLastWriteTimeUtc(folder) : File.GetLastWriteTimeUtc(Path.Combine(cache, image));
    }

    /// <summary>Removes what is left of an image that has gone.</summary>
    public static void Forget(string cache, string image)
    {
        foreach (string mark in Marks(cache, image))
        {
            SharedFile.TryDelete(mark);
        }

        try
        {
            Directory.Delete(Path.Combine(cache, FolderName, image));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Used again by now, or another account's.
        }
    }

    /// <summary>The pod is over.</summary>
    public void Dispose()
    {
        _renewing.Dispose();
        foreach (string image in Snapshot())
        {
            SharedFile.TryDelete(MarkOf(image));
        }
    }

    private static string[] Marks(string cache, string image)
    {
        string folder = Path.Combine(cache, FolderName, image);
        return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
    }

    private string MarkOf(string image) => Path.Combine(_folder, image, _pod);

    private void Renew()
    {
        foreach (string image in Snapshot())
        {
            Mark(image);
        }
    }

    private void Mark(string image)
    {
        try
        {
            SharedFile.MakeDirectory(Path.Combine(_folder, image));
            SharedFile.Touch(MarkOf(image));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A cache that only its owner writes to is looked after by its owner.
        }
    }

    private string[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _used];
        }
    }
}
