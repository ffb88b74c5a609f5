using System.Globalization;

namespace MiniPlane.Agent.Images;

/// <summary>
/// Files in a directory that several nodes, and at some sites several accounts, write to. Their times are told by the file server: the
/// clocks of two nodes need not agree.
/// </summary>
internal static class SharedFile
{
    /// <summary>A name beside the file that no other agent uses.</summary>
    public static string Beside(string path, string ending) => string.Create(
        CultureInfo.InvariantCulture, $"{path}.{Environment.MachineName}.{Environment.ProcessId}.{ending}");

    /// <summary>Makes a directory, open to the same accounts as the one it is in.</summary>
    public static void MakeDirectory(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
        {
            MakeDirectory(parent);
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, File.GetUnixFileMode(parent));
        }
    }

    /// <summary>Makes the file new, or marks it as of this moment.</summary>
    public static void Touch(string path)
    {
        // Written, not only given a time: then it is the server's time.
        string owner = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {Environment.ProcessId}\n");
        File.WriteAllText(path, owner);
    }

    /// <summary>The file server's time.</summary>
    public static DateTime Now(string directory)
    {
        string probe = Beside(Path.Combine(directory, "clock"), Guid.NewGuid().ToString("n"));
        try
        {
            Touch(probe);
            return File.GetLastWriteTimeUtc(probe);
        }
        finally
        {
            File.Delete(probe);
        }
    }

    /// <summary>How long ago the file was written, or null when it is not there.</summary>
    public static TimeSpan? Age(string path) =>
        File.Exists(path) ? Now(Path.GetDirectoryName(path)!) - File.GetLastWriteTimeUtc(path) : null;

    /// <summary>Who wrote it, by node; empty when that cannot be known.</summary>
    public static string OwnerOf(string path)
    {
        try
        {
            return File.ReadAllText(path).Split(' ')[0];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Deletes what is there and may be deleted.</summary>
    public static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
