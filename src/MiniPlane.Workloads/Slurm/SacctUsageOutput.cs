using System.Globalization;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm;

/// <summary>Reads what <c>sacct</c> says that jobs have used. The job's own line has its time and cores, those of its steps the memory.</summary>
internal static class SacctUsageOutput
{
    private const int FieldCount = 6;

    public static IReadOnlyList<string> ArgumentsFor(IReadOnlyList<string> jobIds) =>
        ["-P", "-n", "--noconvert", "-j", string.Join(',', jobIds), "-o", "JobID,ElapsedRaw,AllocCPUS,TotalCPU,MaxRSS,State"];

    /// <summary>Whether the answer means that this site keeps no accounts.</summary>
    public static bool IsOff(CommandResult result) =>
        result.Error.Contains("accounting storage is disabled", StringComparison.OrdinalIgnoreCase)
        || (result.Failure is { } failure && failure.Contains("No such file", StringComparison.OrdinalIgnoreCase))
        || result.ExitCode == 127;

    /// <summary>The jobs that have ended by the accounts; a requeued job's last life counts.</summary>
    public static IReadOnlyList<JobUsage> Parse(string output)
    {
        Dictionary<string, JobUsage> jobs = new(StringComparer.Ordinal);
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split('|');
            if (fields.Length < FieldCount)
            {
                continue;
            }

            int dot = fields[0].IndexOf('.', StringComparison.Ordinal);
            string id = dot < 0 ? fields[0] : fields[0][..dot];
            if (dot < 0)
            {
                jobs.Remove(id);
                if (SlurmText.ToState(fields[5]).IsEnded())
                {
                    jobs[id] = new JobUsage
                    {
                        JobId = id,
                        Elapsed = TimeSpan.FromSeconds(Number(fields[1])),
                        Cpus = (int)Number(fields[2]),
                        CpuTime = ToCpuTime(fields[3]),
                    };
                }
            }
            else if (jobs.TryGetValue(id, out JobUsage? job))
            {
                jobs[id] = job with { MaxMemoryBytes = Math.Max(job.MaxMemoryBytes, Bytes(fields[4])) };
            }
        }

        return [.. jobs.Values];
    }

    // [days-][hours:]minutes:seconds[.milliseconds]
    private static TimeSpan ToCpuTime(string text)
    {
        string[] parts = text.Split('.');
        TimeSpan whole = SlurmText.ToSpan(parts[0]) ?? TimeSpan.Zero;
        return parts.Length == 2 ? whole + TimeSpan.FromMilliseconds(Number(parts[1].PadRight(3, '0'))) : whole;
    }

    private static long Bytes(string text)
    {
        double factor = text.Length > 0 ? text[^1] switch { 'K' => 1L << 10, 'M' => 1L << 20, 'G' => 1L << 30, 'T' => 1L << 40, _ => 1 } : 1;
        return double.TryParse(text.TrimEnd('K', 'M', 'G', 'T'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? (long)(number * factor) : 0;
    }

    private static long Number(string text) => SlurmText.TryNumber(text, out long number) ? number : 0;
}
