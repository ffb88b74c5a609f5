using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace MiniPlane.Agent.Volumes;

/// <summary>
/// Says in a directory of the node which agent it belongs to, so that a later agent can remove what one left that was killed
/// outright: Secrets must not stay in a node's memory. The agent keeps the file open and locked: one that looks from another process
/// namespace, a container or a job with a /proc of its own, does not see the agent, and must not take it for gone.
/// </summary>
internal static class DirectoryOwner
{
    private const string FileName = "owner";

    // A process has one pod, whose directories may be made twice: ahead of the pod, and with it.
    private static readonly ConcurrentDictionary<string, FileStream> Held = new(StringComparer.Ordinal);

    /// <summary>The directory is this process's until <see cref="Release"/>, or until the process ends.</summary>
    public static void Mark(string directory)
    {
        if (Held.ContainsKey(directory))
        {
            return;
        }

        FileStream file;
        try
        {
            // Nobody else can read it meanwhile: .NET locks by flock(2), and so does the sweep.
            file = new FileStream(Path.Combine(directory, FileName), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Another agent of this pod still holds it, so nobody sweeps it.
            return;
        }

        file.Write(Encoding.UTF8.GetBytes(Describe(Environment.ProcessId) ?? ""));
        file.Flush();
        Held[directory] = file;
    }

    /// <summary>The directory is nobody's any more.</summary>
    public static void Release(string directory)
    {
        if (Held.TryRemove(directory, out FileStream? file))
        {
            file.Dispose();
        }
    }

    /// <summary>Removes the directories below <paramref name="parent"/> whose agents of this node and account are gone.</summary>
    public static void Sweep(string parent, string prefix)
    {
        foreach (string directory in Directory.EnumerateDirectories(parent, prefix + "*"))
        {
            try
            {
                string file = Path.Combine(directory, FileName);
                string[] words = File.Exists(file) ? File.ReadAllText(file).Split(' ') : [];
                bool isOfThisNode = words.Length == 3 && words[0] == Environment.MachineName;
                if (isOfThisNode
                    && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int processId)
                    && Describe(processId) != string.Join(' ', words))
                {
                    Runtime.ScratchDirectory.Remove(directory);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another account's, or its agent holds it, or another one removes it at this moment.
            }
        }
    }

    /// <summary>Node, process and its start time, which together are never used again; null when there is no such process.</summary>
    private static string? Describe(int processId)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));

            // After the name, which may have blanks: the state is field 3, the start time field 22.
            string start = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
            return string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {processId} {start}");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
