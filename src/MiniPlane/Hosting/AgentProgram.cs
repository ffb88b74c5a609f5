using System.Globalization;
using MiniPlane.Workloads.Slurm.Access;

namespace MiniPlane.Hosting;

/// <summary>Finds the agent's program: the one asked for, else <c>miniplane-agent</c> beside this program.</summary>
internal static class AgentProgram
{
    private const string Name = "miniplane-agent";

    // A job that waits in the queue names the agent of the day it was submitted.
    private const int VersionsKept = 5;

    /// <summary>As jobs can start it: from inside a container it is copied to the data directory first, which the nodes see.</summary>
    public static IReadOnlyList<string> FindForJobs(string? asked, string directory, string dataDirectory)
    {
        string beside = Path.Combine(directory, Name);
        return asked is null && ContainerTraces.IsContainer(Environment.GetEnvironmentVariable) && File.Exists(beside)
            ? [CopyTo(Path.Combine(dataDirectory, "bin"), beside)]
            : Find(asked, directory);
    }

    public static IReadOnlyList<string> Find(string? asked, string directory)
    {
        if (asked is not null)
        {
            return asked.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        string native = Path.Combine(directory, Name);
        string managed = native + ".dll";
        return !File.Exists(native) && File.Exists(managed) ? ["dotnet", managed] : [native];
    }

    /// <summary>Copies the program unless it is there; each version under a name of its own, so that running ones stay as they are.</summary>
    internal static string CopyTo(string directory, string program)
    {
        var source = new FileInfo(program);
        string version = string.Create(
            CultureInfo.InvariantCulture, $"{source.Length:x}-{new DateTimeOffset(source.LastWriteTimeUtc).ToUnixTimeSeconds():x}");
        string target = Path.Combine(directory, $"{Name}-{version}");
        if (!File.Exists(target))
        {
            Directory.CreateDirectory(directory);
            string part = target + ".part";
            File.Copy(program, part, overwrite: true);
            File.SetUnixFileMode(part, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.Move(part, target);
            RemoveOld(directory);
        }

        return target;
    }

    private static void RemoveOld(string directory)
    {
        foreach (FileInfo old in new DirectoryInfo(directory).EnumerateFiles(Name + "-*").OrderByDescending(file => file.CreationTimeUtc).Skip(VersionsKept))
        {
            old.Delete();
        }
    }
}
