using System.Globalization;
using MiniPlane.Store.Snapshots;

namespace MiniPlane.Snapshots;

/// <summary>What of a data directory belongs in a snapshot beside the store, and where snapshots are.</summary>
internal static class SnapshotFiles
{
    public const string Extension = ".snapshot";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // The certificates and keys by which clients and running agents know the cluster, its name in the queue, its address.
    private static readonly string[] Single = ["cluster-id", "port", "miniplane.yaml"];
    private static readonly string[] Directories = ["pki"];

    public static string StoreDirectory(string dataDirectory) => Path.Combine(dataDirectory, "store");

    /// <summary>The data file that is there, else the one that would be.</summary>
    public static string StoreFile(string dataDirectory) => StoreFile(dataDirectory, StoreFormats.Stored(dataDirectory) ?? StoreFormats.Sqlite);

    public static string StoreFile(string dataDirectory, StoreFormat format) => Path.Combine(StoreDirectory(dataDirectory), format.FileName);

    public static string NewPath(string dataDirectory, DateTimeOffset now) => Path.Combine(
        dataDirectory, "snapshots", now.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The command that puts the newest snapshot of the directory back.</summary>
    public static string RestoreCommand(string dataDirectory)
    {
        string directory = Path.Combine(dataDirectory, "snapshots");
        string newest = Directory.Exists(directory)
            ? Directory.EnumerateFiles(directory, "*" + Extension).Max(StringComparer.Ordinal) ?? "SNAPSHOT"
            : "SNAPSHOT";
        return $"miniplane snapshot restore --data-dir {Quote(dataDirectory)} --replace {Quote(newest)}";
    }

    public static List<SnapshotFile> Gather(string dataDirectory)
    {
        IEnumerable<string> names = Single
            .Concat(Directories.SelectMany(directory => Inside(dataDirectory, directory)))
            .Where(name => File.Exists(Path.Combine(dataDirectory, name)));
        return
        [
            .. names.Select(name => Path.Combine(dataDirectory, name)).Select(path => new SnapshotFile(
                Path.GetRelativePath(dataDirectory, path), File.GetUnixFileMode(path), File.ReadAllBytes(path))),
        ];
    }

    /// <summary>Writes those that are not there; returns their number. What is there is what running agents know.</summary>
    public static int WriteMissing(string dataDirectory, IReadOnlyList<SnapshotFile> files)
    {
        int written = 0;
        foreach (SnapshotFile file in files.Where(IsOurs))
        {
            string path = Path.Combine(dataDirectory, file.Path);
            if (File.Exists(path))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? dataDirectory, OwnerOnly | UnixFileMode.UserExecute);
            using (FileStream stream = CreatePrivately(path))
            {
                stream.Write(file.Content.Span);
                stream.Flush(flushToDisk: true);
            }

            File.SetUnixFileMode(path, file.Mode & ~(UnixFileMode.SetUser | UnixFileMode.SetGroup));
            written++;
        }

        return written;
    }

    public static FileStream CreatePrivately(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        UnixCreateMode = OwnerOnly,
    });

    /// <summary>A snapshot is somebody's file: it may name nothing outside the places it was made from.</summary>
    private static bool IsOurs(SnapshotFile file) => Single.Contains(file.Path, StringComparer.Ordinal)
        || (Directories.Any(directory => file.Path.StartsWith(directory + "/", StringComparison.Ordinal))
            && !file.Path.Split('/').Any(part => part is "" or "." or ".."));

    private static IEnumerable<string> Inside(string dataDirectory, string directory)
    {
        string path = Path.Combine(dataDirectory, directory);
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).Select(file => Path.GetRelativePath(dataDirectory, file))
            : [];
    }

    private static string Quote(string path) =>
        path.All(character => char.IsAsciiLetterOrDigit(character) || "/._-+@:".Contains(character, StringComparison.Ordinal))
            ? path
            : "'" + path.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
