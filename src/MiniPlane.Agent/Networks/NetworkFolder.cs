using System.Globalization;
using MiniPlane.Agent.Runtime;

namespace MiniPlane.Agent.Networks;

/// <summary>What lies in a pod's directory for its way into a network.</summary>
/// <param name="PodDirectory">The pod's directory.</param>
internal sealed record NetworkFolder(string PodDirectory)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string Path => System.IO.Path.Combine(PodDirectory, "network");

    /// <summary>The root of the container in which the agent runs: empty directories, onto which those of the node are bound.</summary>
    public string Root => System.IO.Path.Combine(Path, "root");

    /// <summary>What Apptainer, or the agent inside, said against it.</summary>
    public string Errors => System.IO.Path.Combine(Path, $"errors-{Life}");

    /// <summary>Made by the agent inside when the network has shown that it works.</summary>
    public string Up => System.IO.Path.Combine(Path, $"up-{Life}");

    // A node that was given up may go on while the job lives again on another one.
    private static string Life => JobTasks.Restarts.ToString(CultureInfo.InvariantCulture);

    /// <summary>The ranges of subordinate ids, as they are inside.</summary>
    public string SubordinateIds => System.IO.Path.Combine(Path, "subid");

    /// <summary>Makes it for a new try.</summary>
    /// <param name="hostRoot">The node's root directory.</param>
    /// <param name="subordinateIds">Text of <see cref="SubordinateIds"/>.</param>
    /// <returns>The directories of the node to bind.</returns>
    public IReadOnlyList<string> Make(string hostRoot, string subordinateIds)
    {
        Directory.CreateDirectory(Path, OwnerOnly);
        Directory.CreateDirectory(Root);
        File.Delete(Up);
        File.WriteAllText(Errors, "");
        File.WriteAllText(SubordinateIds, subordinateIds);
        List<string> binds = [];
        foreach (FileSystemInfo entry in new DirectoryInfo(hostRoot).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            string inside = System.IO.Path.Combine(Root, entry.Name);
            if (entry.LinkTarget is { } target)
            {
                if (!File.Exists(inside) && !Directory.Exists(inside))
                {
                    File.CreateSymbolicLink(inside, target);
                }
            }
            else if (entry is DirectoryInfo)
            {
                Directory.CreateDirectory(inside);
                if (entry.Name is not ("proc" or "dev" or "sys" or "lost+found"))
                {
                    binds.Add(entry.FullName);
                }
            }
        }

        return binds;
    }
}
