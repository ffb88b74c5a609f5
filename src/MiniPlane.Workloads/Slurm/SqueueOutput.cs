using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm;

/// <summary>
/// Reads <c>squeue</c> by a format of its own, never <c>--json</c>, whose schema differs between versions. The fields that
/// users can fill stand last.
/// </summary>
internal static class SqueueOutput
{
    private static readonly string[] Fields =
    [
        "JobArrayID", "State", "Reason", "exit_code", "RestartCnt", "Partition", "BatchHost", "NodeList", "StartTime", "EndTime",
        "SubmitTime", "WorkDir", "Comment",
    ];

    /// <summary>All jobs of this user, ended ones too, for as long as slurmctld keeps them (MinJobAge).</summary>
    public static IReadOnlyList<string> Arguments { get; } = ["--me", "-h", "-r", "-t", "all", "-O", Format()];

    public static IReadOnlyList<JobStatus> Parse(string output, JobOwner owner)
    {
        var jobs = new List<JobStatus>();
        foreach (string record in output.Split(SlurmText.RecordEnd))
        {
            string[] fields = record.TrimStart('\n').Split(SlurmText.FieldEnd, Fields.Length);
            if (fields.Length == Fields.Length)
            {
                jobs.Add(ToJob(fields, owner));
            }
        }

        return jobs;
    }

    private static JobStatus ToJob(string[] fields, JobOwner owner)
    {
        (int exitCode, int signal) = SlurmText.ToExit(fields[3]);
        return new JobStatus
        {
            JobId = fields[0],
            State = SlurmText.ToState(fields[1]),
            Reason = SlurmText.OrEmpty(fields[2]),
            ExitCode = exitCode,
            Signal = signal,
            Restarts = SlurmText.TryNumber(fields[4], out long restarts) ? (int)restarts : 0,
            Partition = fields[5],
            BatchHost = SlurmText.OrEmpty(fields[6]),
            Nodes = SlurmText.OrEmpty(fields[7]),
            StartTime = SlurmText.ToTime(fields[8]),
            EndTime = SlurmText.ToTime(fields[9]),
            SubmitTime = SlurmText.ToTime(fields[10]),
            PodUid = owner.FindPodUid(fields[12], fields[11], fields[0]),
        };
    }

    private static string Format() => string.Join(',', Fields.Select(
        (field, index) => $"{field}:{(index == Fields.Length - 1 ? SlurmText.RecordEnd : SlurmText.FieldEnd)}"));
}
