using System.Globalization;

namespace MiniPlane.Objects.Processes;

/// <summary>
/// What .NET itself puts into the shared /tmp of a host at the start of a process: a socket and pipes for debuggers, under names that
/// tell its number. They lie open to nobody but the user, yet nothing of ours is to lie there; so they go as the first thing that a
/// program does. <c>DOTNET_EnableDiagnostics=0</c> avoids them from the start, and cannot be set from within a program.
/// </summary>
public static class RuntimeFiles
{
    private const int StartTimeField = 22;

    /// <summary>Removes those of this process. What tools they are for keeps working for processes that were started with <c>MINIPLANE_DIAGNOSTICS=1</c>.</summary>
    public static void Remove()
    {
        if (Environment.GetEnvironmentVariable("MINIPLANE_DIAGNOSTICS") is "1" || !OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            foreach (string name in NamesOf(Environment.ProcessId, File.ReadAllText("/proc/self/stat")))
            {
                File.Delete(Path.Combine(Path.GetTempPath(), name));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A host without /proc, or files that are somebody else's: then they are not these.
        }
    }

    /// <param name="pid">The number of the process.</param>
    /// <param name="stat">Its <c>/proc/PID/stat</c>; the 22nd field is when it started.</param>
    internal static IReadOnlyList<string> NamesOf(int pid, string stat)
    {
        // The second field is a name in parentheses that may hold anything.
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < StartTimeField - 2)
        {
            return [];
        }

        string key = string.Create(CultureInfo.InvariantCulture, $"{pid}-{fields[StartTimeField - 3]}");
        return [$"dotnet-diagnostic-{key}-socket", $"clr-debug-pipe-{key}-in", $"clr-debug-pipe-{key}-out"];
    }
}
