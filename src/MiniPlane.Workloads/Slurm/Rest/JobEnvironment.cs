using System.Collections;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>
/// The environment of a job as sbatch would have made it: all of this process's that is not its own, or what <c>--export</c> says.
/// slurmrestd itself adds nothing.
/// </summary>
internal static class JobEnvironment
{
    private static readonly string[] Always = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TERM"];

    public static IReadOnlyDictionary<string, string> OfThisProcess(string? export)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            all[(string)entry.Key] = (string?)entry.Value;
        }

        return Make(all, export, ProcessFacts.Umask);
    }

    /// <param name="all">The environment of this process.</param>
    /// <param name="export">The value of <c>--export</c>, or null.</param>
    /// <param name="umask">In octal digits, or empty.</param>
    public static IReadOnlyDictionary<string, string> Make(IDictionary<string, string?> all, string? export, string umask)
    {
        CommandEnvironment.Clean(all);
        all.Remove("SLURM_JWT");
        string[] items = ShellWords.Split((export ?? "ALL").Replace(',', ' '), out _) is { Count: > 0 } words ? [.. words] : ["ALL"];
        bool isAll = items.Contains("ALL", StringComparer.Ordinal);
        var made = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string? value) in all)
        {
            if (value is not null && (isAll || Always.Contains(name, StringComparer.Ordinal) || items.Contains(name, StringComparer.Ordinal)))
            {
                made[name] = value;
            }
        }

        foreach (string item in items)
        {
            int equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                made[item[..equals]] = item[(equals + 1)..];
            }
        }

        made.TryAdd("PATH", "/usr/local/bin:/usr/bin:/bin");
        if (umask.Length > 0)
        {
            made["SLURM_UMASK"] = umask;
        }

        return made;
    }
}
