using System.Globalization;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm;

/// <summary>Slurm's ways of writing states, times and exit codes, the same in all versions from 22.05 to 26.05.</summary>
internal static class SlurmText
{
    /// <summary>Ends a field: never typed by people, and passed through by <c>squeue -O</c> and <c>sinfo -o</c>.</summary>
    public const char FieldEnd = '\x1f';

    /// <summary>Ends a record, before its line feed, because a comment may hold line feeds of its own.</summary>
    public const char RecordEnd = '\x1e';

    /// <summary>The state's long name, alone or with what sacct puts after it (<c>CANCELLED by 1001</c>).</summary>
    public static JobState ToState(string text)
    {
        int end = text.AsSpan().IndexOfAny(' ', '+');
        return (end < 0 ? text : text[..end]) switch
        {
            "PENDING" => JobState.Pending,
            "CONFIGURING" => JobState.Configuring,
            "RUNNING" => JobState.Running,
            "SUSPENDED" => JobState.Suspended,
            "STOPPED" => JobState.Stopped,
            "SIGNALING" => JobState.Signaling,
            "RESIZING" => JobState.Resizing,
            "STAGE_OUT" => JobState.StageOut,
            "COMPLETING" => JobState.Completing,
            "REQUEUED" or "REQUEUE_FED" => JobState.Requeued,
            "REQUEUE_HOLD" or "RESV_DEL_HOLD" => JobState.RequeueHeld,
            "SPECIAL_EXIT" => JobState.SpecialExit,
            "COMPLETED" => JobState.Completed,
            "FAILED" or "LAUNCH_FAILED" or "RECONFIG_FAIL" => JobState.Failed,
            "CANCELLED" => JobState.Cancelled,
            "TIMEOUT" => JobState.Timeout,
            "DEADLINE" => JobState.Deadline,
            "OUT_OF_MEMORY" => JobState.OutOfMemory,
            "NODE_FAIL" => JobState.NodeFail,
            "BOOT_FAIL" => JobState.BootFail,
            "PREEMPTED" => JobState.Preempted,
            "REVOKED" => JobState.Revoked,
            _ => JobState.Unknown,
        };
    }

    /// <summary>A time printed in UTC, or null for <c>N/A</c>, <c>Unknown</c>, <c>None</c>.</summary>
    public static DateTimeOffset? ToTime(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            "yyyy-MM-dd'T'HH:mm:ss",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset time)
            ? time
            : null;

    /// <summary>A time limit as Slurm writes it: <c>[days-]hours:minutes:seconds</c>, <c>minutes:seconds</c>; null for none.</summary>
    public static TimeSpan? ToSpan(string text)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (!TryNumber(dash < 0 ? "0" : text[..dash], out long days))
        {
            return null;
        }

        long seconds = 0;
        foreach (string part in text[(dash + 1)..].Split(':'))
        {
            if (!TryNumber(part, out long number))
            {
                return null;
            }

            seconds = (seconds * 60) + number;
        }

        return TimeSpan.FromDays(days) + TimeSpan.FromSeconds(seconds);
    }

    /// <summary>A wait status (<c>768</c>) as squeue prints it, or <c>3:0</c> as scontrol and sacct do.</summary>
    public static (int ExitCode, int Signal) ToExit(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            return TryNumber(text[..colon], out long code) && TryNumber(text[(colon + 1)..], out long signal)
                ? ((int)code, (int)signal)
                : (0, 0);
        }

        return TryNumber(text, out long status) ? ((int)(status >> 8) & 255, (int)status & 127) : (0, 0);
    }

    /// <summary>Empty for the several words that mean "nothing".</summary>
    public static string OrEmpty(string text) => text is "(null)" or "None" or "none" or "n/a" or "N/A" ? "" : text;

    public static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Adds <c>gpu:a100:2(S:0-1),gpu:1,shard:4</c> and returns the number of GPUs of one node.</summary>
    public static long AddGpus(Dictionary<string, long> gpus, string gres, long nodes)
    {
        long perNode = 0;
        foreach (string item in SplitOutsideParentheses(gres))
        {
            string[] parts = item.Split('(')[0].Split(':');
            if (parts[0] != "gpu" || !TryNumber(parts[^1], out long count))
            {
                continue;
            }

            string type = parts.Length > 2 ? parts[1] : "";
            gpus[type] = gpus.GetValueOrDefault(type) + (count * nodes);
            perNode += count;
        }

        return perNode;
    }

    /// <summary>The last line of a program's complaint that says something, without the program's name before it.</summary>
    public static string ToMessage(string complaint)
    {
        IEnumerable<string> lines = complaint
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(WithoutProgram)
            .Distinct(StringComparer.Ordinal);
        string message = string.Join("; ", lines);
        return message.Length <= 1000 ? message : message[..1000] + "…";
    }

    private static string WithoutProgram(string line)
    {
        const string Error = ": error: ";
        int at = line.IndexOf(Error, StringComparison.Ordinal);
        return at is > 0 and < 20 ? line[(at + Error.Length)..] : line;
    }

    private static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        int depth = 0, start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                yield return text[start..i];
                start = i + 1;
            }
            else
            {
                depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            }
        }
    }
}
