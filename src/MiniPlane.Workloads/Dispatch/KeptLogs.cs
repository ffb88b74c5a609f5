using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Documents;
using MiniPlane.Wire.Logs;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// The logs of deleted pods: what their containers said is moved out of the pod's directory, in one step, before that is removed, and
/// goes when it is older than the site's <c>logRetention</c>, or the oldest when all take more than <c>logRetentionSize</c>.
/// </summary>
internal sealed partial class KeptLogs(WorkloadsOptions options, ILogger<KeptLogs> logger, TimeProvider time)
{
    /// <summary>More directories than this are not kept, however small they are.</summary>
    internal const int Most = 10_000;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _directory = LogFiles.KeptDirectory(Path.GetFullPath(options.DataDirectory));

    // Guards the two fields below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTimeOffset Since, long Bytes)> _kept = new(StringComparer.Ordinal);
    private bool _isLoaded;

    /// <summary>Keeps what is in this pod's directory. A pod whose name nobody knows any more has its uid alone.</summary>
    public void Keep(string podDirectory, string podUid, ObjectKey? pod)
    {
        string logs = LogFiles.Directory(podDirectory);
        try
        {
            if (options.Site.LogRetention <= TimeSpan.Zero || SizeOf(logs) is not (> 0 and long bytes))
            {
                return;
            }

            string place = pod is { } key ? LogFiles.KeptDirectory(Path.GetFullPath(options.DataDirectory), key.Namespace, key.Name, podUid) : Path.Combine(_directory, podUid);
            Directory.CreateDirectory(_directory, OwnerOnly);
            Directory.Move(logs, place);
            DateTimeOffset now = time.GetUtcNow();
            Directory.SetLastWriteTimeUtc(place, now.UtcDateTime);
            lock (_gate)
            {
                _kept[place] = (now, bytes);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A pod's end does not wait for its logs to find their place.
            LogNotKept(logger, podUid, exception.Message);
            return;
        }

        Trim();
    }

    /// <summary>Removes those whose time is over; one caller at a time. The first time it also looks for what an earlier process kept.</summary>
    public void Sweep()
    {
        try
        {
            Load();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotSwept(logger, exception.Message);
        }

        Trim();
    }

    private void Load()
    {
        if (_isLoaded)
        {
            return;
        }

        foreach (string place in Directory.Exists(_directory) ? Directory.EnumerateDirectories(_directory) : [])
        {
            (DateTimeOffset, long) found = (new DateTimeOffset(Directory.GetLastWriteTimeUtc(place), TimeSpan.Zero), SizeOf(place) ?? 0);
            lock (_gate)
            {
                _kept.TryAdd(place, found);
            }
        }

        _isLoaded = true;
    }

    private void Trim()
    {
        foreach (string place in TakeOld())
        {
            try
            {
                Directory.Delete(place, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogNotSwept(logger, exception.Message);
            }
        }
    }

    /// <summary>What is to go is forgotten here at once; what then cannot be removed is found again by the next process.</summary>
    private List<string> TakeOld()
    {
        DateTimeOffset now = time.GetUtcNow();
        List<string> old = [];
        lock (_gate)
        {
            long bytes = 0;
            int count = 0;
            foreach ((string place, (DateTimeOffset since, long size)) in _kept.OrderByDescending(entry => entry.Value.Since))
            {
                bytes += size;
                count++;
                if (now - since >= options.Site.LogRetention || count > Most || (options.Site.LogRetentionBytes > 0 && bytes > options.Site.LogRetentionBytes))
                {
                    old.Add(place);
                }
            }

            foreach (string place in old)
            {
                _kept.Remove(place);
            }
        }

        return old.FindAll(Directory.Exists);
    }

    private static long? SizeOf(string directory) => Directory.Exists(directory)
        ? new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        : null;

    [LoggerMessage(5036, LogLevel.Warning, "The logs of pod {PodUid}, which is gone, could not be kept: {Message}")]
    private static partial void LogNotKept(ILogger logger, string podUid, string message);

    [LoggerMessage(5037, LogLevel.Warning, "Logs of pods that are gone could not be removed: {Message}")]
    private static partial void LogNotSwept(ILogger logger, string message);
}
