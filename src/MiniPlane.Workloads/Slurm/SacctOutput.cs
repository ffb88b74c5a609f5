using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm;

/// <summary>Reads <c>sacct</c>, the only memory of a job once slurmctld has forgotten it. Many sites have it, not all.</summary>
internal static class SacctOutput
{
    public static IReadOnlyList<string> ArgumentsFor(string jobId) =>
        ["-X", "-P", "-n", "-j", jobId, "-o", "JobID,State,ExitCode,Start,End,Submit,Partition,NodeList"];

    /// <summary>The last line counts: a requeued job has one for each of its lives.</summary>
    public static JobStatus? Parse(string output, string jobId)
    {
        string? line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault(line => line.StartsWith(jobId + "|", StringComparison.Ordinal));
        if (line?.Split('|') is not { Length: >= 8 } fields)
        {
            return null;
        }

        (int exitCode, int signal) = SlurmText.ToExit(fields[2]);
        return new JobStatus
        {
            JobId = jobId,
            State = SlurmText.ToState(fields[1]),
            ExitCode = exitCode,
            Signal = signal,
            StartTime = SlurmText.ToTime(fields[3]),
            EndTime = SlurmText.ToTime(fields[4]),
            SubmitTime = SlurmText.ToTime(fields[5]),
            Partition = fields[6],
            Nodes = SlurmText.OrEmpty(fields[7]),
        };
    }
}
