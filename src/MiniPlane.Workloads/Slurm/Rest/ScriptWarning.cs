using System.Globalization;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>
/// <c>--signal=B:USR1@60</c> where slurmrestd cannot say it: the script watches the clock itself. The watch looks every few seconds whether
/// the script is still there, so that it does not outlive the job.
/// </summary>
internal static class ScriptWarning
{
    private const int Step = 5;

    /// <summary>Whether the value asks for a signal to the batch script.</summary>
    public static bool Is(string value) => Parse(value) is not null;

    /// <param name="script">The batch script, whose first line names its shell.</param>
    /// <param name="signal">The value of <c>--signal</c>.</param>
    /// <param name="time">The value of <c>--time</c>; without one there is nothing to count from, and the signal is left out.</param>
    public static string Add(string script, string signal, string time)
    {
        if (Parse(signal) is not { } warning || SlurmTime.Parse(time) is not { } limit || !script.StartsWith("#!", StringComparison.Ordinal))
        {
            return script;
        }

        long after = (long)limit.TotalSeconds - warning.Seconds;
        if (after <= 0)
        {
            return script;
        }

        int end = script.IndexOf('\n', StringComparison.Ordinal) + 1;
        string watch = string.Create(
            CultureInfo.InvariantCulture,
            $"(left={after}; while [ $left -gt 0 ]; do sleep {Step}; left=$((left - {Step})); kill -0 $$ 2>/dev/null || exit; done; kill -s {warning.Name} $$) >/dev/null 2>&1 </dev/null &\n");

        // After the lines that sbatch reads, which must come first.
        int at = end;
        while (at < script.Length && script[at] == '#')
        {
            at = script.IndexOf('\n', at) is var line and >= 0 ? line + 1 : script.Length;
        }

        return script[..at] + watch + script[at..];
    }

    private static (string Name, long Seconds)? Parse(string value)
    {
        if (!value.StartsWith("B:", StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = value[2..].Split('@');
        bool isName = parts[0].Length > 0 && parts[0].All(char.IsAsciiLetterOrDigit);
        return isName && (parts.Length == 1 || SlurmText.TryNumber(parts[1], out _))
            ? (parts[0], parts.Length == 1 ? 60 : long.Parse(parts[1], CultureInfo.InvariantCulture))
            : null;
    }
}
