using System.Globalization;

namespace MiniPlane.Agent.Volumes;

/// <summary>
/// A directory whose files change all at once, laid out as kubelet's AtomicWriter does: the files are in a directory with a time in
/// its name, ..data is a link to it, and every top-level name is a link through ..data. An update makes a new directory and
/// replaces the one link by rename.
/// </summary>
internal sealed class AtomicDirectory(string root, TimeProvider time)
{
    /// <summary>Of the directory itself: every user of the container may pass.</summary>
    public const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const string DataLink = "..data";

    private int _count;

    public string Root => root;

    /// <summary>Makes the directory hold exactly these files (by relative path). Nothing happens when it does already.</summary>
    public void Write(IReadOnlyDictionary<string, VolumeFile> files)
    {
        Directory.CreateDirectory(root, Passable);
        string link = Path.Combine(root, DataLink);
        string? old = new FileInfo(link).LinkTarget;
        if (old is not null && IsSame(Path.Combine(root, old), files))
        {
            return;
        }

        string name = string.Create(
            CultureInfo.InvariantCulture, $"..{time.GetUtcNow():yyyy_MM_dd_HH_mm_ss}.{Environment.ProcessId}{_count++:D4}");
        WriteFiles(Path.Combine(root, name), files);
        string next = $"{link}_tmp";
        File.Delete(next);
        File.CreateSymbolicLink(next, name);
        LinkRename.Replace(next, link);
        LinkNames(files);
        if (old is not null)
        {
            Directory.Delete(Path.Combine(root, old), recursive: true);
        }
    }

    private static void WriteFiles(string directory, IReadOnlyDictionary<string, VolumeFile> files)
    {
        Directory.CreateDirectory(directory, Passable);
        foreach ((string path, VolumeFile file) in files)
        {
            string full = Path.Combine(directory, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!, Passable);
            using (FileStream stream = new(full, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                stream.Write(file.Content);
            }

            File.SetUnixFileMode(full, (UnixFileMode)(file.Mode & 0x1ff));
        }
    }

    private static bool IsSame(string directory, IReadOnlyDictionary<string, VolumeFile> files)
    {
        if (!Directory.Exists(directory))
        {
            return false;
        }

        string[] there = Directory.GetFiles(directory, "*", SearchOption.AllDirectories);
        return there.Length == files.Count && files.All(file =>
        {
            string path = Path.Combine(directory, file.Key);
            return File.Exists(path)
                && new FileInfo(path).Length == file.Value.Content.Length
                && File.ReadAllBytes(path).AsSpan().SequenceEqual(file.Value.Content);
        });
    }

    private void LinkNames(IReadOnlyDictionary<string, VolumeFile> files)
    {
        HashSet<string> names = [.. files.Keys.Select(path => path.Split('/')[0])];
        foreach (string name in names)
        {
            string link = Path.Combine(root, name);
            if (new FileInfo(link).LinkTarget is null)
            {
                File.CreateSymbolicLink(link, $"{DataLink}/{name}");
            }
        }

        foreach (string path in Directory.EnumerateFileSystemEntries(root))
        {
            string name = Path.GetFileName(path);
            if (!name.StartsWith("..", StringComparison.Ordinal) && !names.Contains(name))
            {
                File.Delete(path);
            }
        }
    }
}
