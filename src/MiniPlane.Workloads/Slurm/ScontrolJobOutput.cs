using System.Text.RegularExpressions;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm;

/// <summary>Reads <c>scontrol show job</c>, for a job that left the queue's list.</summary>
internal static partial class ScontrolJobOutput
{
    public static JobStatus? Parse(string output, JobOwner owner)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (Match match in Field().Matches(output))
        {
            fields.TryAdd(match.Groups["name"].Value, match.Groups["value"].Value.Trim());
        }

        string Get(string name) => fields.TryGetValue(name, out string? value) ? SlurmText.OrEmpty(value) : "";
        if (Get("JobId").Length == 0)
        {
            return null;
        }

        // A task of an array has a number of its own besides the one by which it was submitted.
        string jobId = Get("ArrayJobId").Length > 0 ? $"{Get("ArrayJobId")}_{Get("ArrayTaskId")}" : Get("JobId");
        (int exitCode, int signal) = SlurmText.ToExit(Get("ExitCode"));
        return new JobStatus
        {
            JobId = jobId,
            State = SlurmText.ToState(Get("JobState")),
            Reason = Get("Reason"),
            ExitCode = exitCode,
            Signal = signal,
            Restarts = SlurmText.TryNumber(Get("Restarts"), out long restarts) ? (int)restarts : 0,
            Partition = Get("Partition"),
            BatchHost = Get("BatchHost"),
            Nodes = Get("NodeList"),
            StartTime = SlurmText.ToTime(Get("StartTime")),
            EndTime = SlurmText.ToTime(Get("EndTime")),
            SubmitTime = SlurmText.ToTime(Get("SubmitTime")),
            PodUid = owner.FindPodUid(Get("Comment"), Get("WorkDir"), jobId),
        };
    }

    [GeneratedRegex(
        @"(?<=^|\s)(?<name>JobId|ArrayJobId|ArrayTaskId|JobState|Reason|ExitCode|Restarts|Partition|BatchHost|NodeList|StartTime|EndTime|SubmitTime|Comment|WorkDir)=(?<value>\S*)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Field();
}
