using System.Globalization;

namespace MiniPlane.Agent.Runtime;

/// <summary>Reads from /proc what processes use.</summary>
internal static class ProcessUsage
{
    /// <summary>Clock ticks are hundredths of a second on every Linux (USER_HZ).</summary>
    private const long NanosPerTick = 10_000_000;

    /// <summary>The processes in the same namespace of a kind (<c>pid</c>, <c>mnt</c>) as one of them.</summary>
    public static IReadOnlyList<int> InNamespaceOf(int processId, string kind)
    {
        string? wanted = Namespace(processId, kind);
        return wanted is null ? [] : [.. All().Where(candidate => Namespace(candidate, kind) == wanted)];
    }

    /// <summary>The processes of a session.</summary>
    public static IReadOnlyList<int> InSession(int session) =>
        [.. All().Where(candidate => Stat(candidate) is { Length: > 3 } fields && fields[3] == session.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The CPU time used by these processes and by the children they have waited for, and the memory they hold.</summary>
    public static (long CpuNanos, long MemoryBytes) Of(IEnumerable<int> processes)
    {
        long cpu = 0;
        long memory = 0;
        foreach (int process in processes)
        {
            // After the name in parentheses: state, ppid, pgrp, session, …, utime, stime, cutime, cstime (proc_pid_stat(5)).
            if (Stat(process) is { Length: > 14 } fields)
            {
                cpu += fields[11..15].Sum(field => long.TryParse(field, CultureInfo.InvariantCulture, out long ticks) ? ticks : 0);
                memory += Memory(process);
            }
        }

        return (cpu * NanosPerTick, memory);
    }

    private static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
        .Where(id => id > 0);

    private static string? Namespace(int process, string kind)
    {
        try
        {
            return new FileInfo($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/ns/{kind}").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[]? Stat(int process)
    {
        string text = Read($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
        int end = text.LastIndexOf(')');
        return end < 0 ? null : text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The proportional set: pages that several processes share are counted once. Where it is not told, the resident set.</summary>
    private static long Memory(int process)
    {
        string id = process.ToString(CultureInfo.InvariantCulture);
        foreach (string line in Read($"/proc/{id}/smaps_rollup").Split('\n'))
        {
            if (line.StartsWith("Pss:", StringComparison.Ordinal)
                && long.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture, out long kilobytes))
            {
                return kilobytes * 1024;
            }
        }

        string[] pages = Read($"/proc/{id}/statm").Split(' ');
        return pages.Length > 1 && long.TryParse(pages[1], CultureInfo.InvariantCulture, out long resident) ? resident * Environment.SystemPageSize : 0;
    }

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Ended since it was listed, or somebody else's.
            return "";
        }
    }
}
