using System.Diagnostics;
using System.Globalization;

namespace MiniPlane.Workloads.Local;

/// <summary>
/// A process that may outlive this one. It is known by its pid together with its start time, so that another process that was
/// given the same pid later is not taken for it.
/// </summary>
internal sealed record LocalJob(int Pid, long StartTicks)
{
    /// <summary>Reads a line of /proc/PID/stat, or null. The second field is in parentheses and may hold anything (proc(5)).</summary>
    public static LocalJob? Parse(string stat)
    {
        int close = stat.LastIndexOf(')');
        int open = stat.IndexOf('(', StringComparison.Ordinal);
        if (close < 0 || open < 0)
        {
            return null;
        }

        string[] rest = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return rest.Length > 19
            && int.TryParse(stat[..open], CultureInfo.InvariantCulture, out int pid)
            && long.TryParse(rest[19], CultureInfo.InvariantCulture, out long start)
                ? new LocalJob(pid, start)
                : null;
    }

    /// <summary>Whether this very process still runs. A zombie does not.</summary>
    public bool IsAlive()
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}/stat");
        try
        {
            string stat = File.ReadAllText(path);
            return Parse(stat) == this && stat[(stat.LastIndexOf(')') + 1)..].TrimStart()[0] != 'Z';
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Sends a signal to the process, or to the whole session that it leads.</summary>
    public async Task SignalAsync(string signal, bool wholeGroup, CancellationToken cancellationToken)
    {
        string target = string.Create(CultureInfo.InvariantCulture, $"{(wholeGroup ? "-" : "")}{Pid}");
        using var kill = Process.Start(new ProcessStartInfo("kill", ["-s", signal, "--", target]) { RedirectStandardError = true, UseShellExecute = false });
        if (kill is not null)
        {
            await kill.WaitForExitAsync(cancellationToken);
        }
    }
}
