using System.Globalization;

namespace MiniPlane.Wire.Logs;

/// <summary>
/// Where the logs of a pod are: <c>POD/logs/CONTAINER/RUN.log</c>, RUN being the restart count. A log that grows too large goes on
/// in <c>RUN.log.1</c>, <c>RUN.log.2</c> …; nothing is renamed (the directory may be on NFS), the oldest files are removed. When the pod
/// is gone, all of it is in <c>DATA/pod-logs/NAMESPACE_NAME_UID/CONTAINER</c> for the time that the site has set.
/// </summary>
public static class LogFiles
{
    // A file's name has 255 bytes; namespace and uid take 100 of them at most.
    private const int LongestName = 150;

    /// <summary>The logs of all containers of a pod.</summary>
    public static string Directory(string podDirectory) => Path.Combine(podDirectory, "logs");

    public static string Directory(string podDirectory, string container) => Path.Combine(Directory(podDirectory), container);

    /// <summary>The logs of all deleted pods.</summary>
    public static string KeptDirectory(string dataDirectory) => Path.Combine(dataDirectory, "pod-logs");

    /// <summary>The logs of one deleted pod; kubelet names its directories in the same way.</summary>
    public static string KeptDirectory(string dataDirectory, string podNamespace, string podName, string podUid) =>
        Path.Combine(KeptDirectory(dataDirectory), KeptPrefix(podNamespace, podName) + podUid);

    /// <summary>The directories of the deleted pods that had this name, the newest last.</summary>
    public static IReadOnlyList<string> FindKept(string dataDirectory, string podNamespace, string podName)
    {
        var kept = new DirectoryInfo(KeptDirectory(dataDirectory));
        string prefix = KeptPrefix(podNamespace, podName);
        return kept.Exists
            ? [.. kept.EnumerateDirectories()
                .Where(place => place.Name.StartsWith(prefix, StringComparison.Ordinal))
                .OrderBy(place => place.LastWriteTimeUtc)
                .Select(place => place.FullName)]
            : [];
    }

    /// <summary>The first file of one run.</summary>
    public static string First(string podDirectory, string container, int restartCount) =>
        Segment(Directory(podDirectory, container), restartCount, 0);

    /// <summary>The restart counts that have a log, ascending.</summary>
    public static IReadOnlyList<int> Runs(string podDirectory, string container)
    {
        SortedSet<int> runs = [];
        foreach ((int run, int _, string _) in List(Directory(podDirectory, container)))
        {
            runs.Add(run);
        }

        return [.. runs];
    }

    private static string KeptPrefix(string podNamespace, string podName) =>
        $"{podNamespace}_{(podName.Length > LongestName ? podName[..LongestName] : podName)}_";

    internal static string Segment(string directory, int restartCount, int number)
    {
        string first = string.Create(CultureInfo.InvariantCulture, $"{restartCount}.log");
        return Path.Combine(directory, number == 0 ? first : string.Create(CultureInfo.InvariantCulture, $"{first}.{number}"));
    }

    /// <summary>The files of one run that are still there, oldest first.</summary>
    internal static IReadOnlyList<(int Number, string Path)> Segments(string directory, int restartCount) =>
        [.. List(directory).Where(file => file.Run == restartCount).OrderBy(file => file.Number).Select(file => (file.Number, file.Path))];

    private static IEnumerable<(int Run, int Number, string Path)> List(string directory)
    {
        if (!System.IO.Directory.Exists(directory))
        {
            yield break;
        }

        foreach (string path in System.IO.Directory.EnumerateFiles(directory))
        {
            string[] parts = Path.GetFileName(path).Split('.');
            int number = 0;
            bool isLog = parts.Length is 2 or 3
                && parts[1] == "log"
                && (parts.Length == 2 || int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out number));
            if (isLog && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int run))
            {
                yield return (run, number, path);
            }
        }
    }
}
