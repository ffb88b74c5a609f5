using System.Globalization;

namespace MiniPlane.Store.Locking;

/// <summary>
/// Which process, on which host, in which boot of it: enough to tell a live owner from a dead one whose pid was given away again.
/// </summary>
internal sealed record ProcessIdentity(string Host, int Pid, string Boot, string Started)
{
    /// <summary>Of this process.</summary>
    public static ProcessIdentity Own { get; } = new(
        Environment.MachineName, Environment.ProcessId, ReadBoot(), ReadStarted(Environment.ProcessId) ?? "");

    public static ProcessIdentity? Parse(string text)
    {
        var fields = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0], StringComparer.Ordinal)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return fields.TryGetValue("host", out string? host)
            && int.TryParse(fields.GetValueOrDefault("pid"), CultureInfo.InvariantCulture, out int pid)
            ? new ProcessIdentity(host, pid, fields.GetValueOrDefault("boot", ""), fields.GetValueOrDefault("started", ""))
            : null;
    }

    public string Format() => string.Create(
        CultureInfo.InvariantCulture, $"host={Host}\npid={Pid}\nboot={Boot}\nstarted={Started}\n");

    /// <summary>
    /// True only if it is certain that the process is gone: it ran on this host, and either the host was booted since or no
    /// process with its pid and start time exists.
    /// </summary>
    public bool IsGoneFrom(ProcessIdentity observer) =>
        Host == observer.Host && (Boot != observer.Boot || ReadStarted(Pid) is not { } started || started != Started);

    private static string ReadBoot()
    {
        const string BootFile = "/proc/sys/kernel/random/boot_id";
        return File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "";
    }

    /// <summary>Field 22 of /proc/PID/stat (proc(5)): the start in clock ticks since boot; null when there is no such process.</summary>
    private static string? ReadStarted(int pid)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));

            // Field 2, the name, is in parentheses and may hold anything; the fields after it are plain.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[19];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
