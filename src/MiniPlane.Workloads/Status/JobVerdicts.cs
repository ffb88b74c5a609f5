using System.Globalization;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Status;

/// <summary>The mapping from Slurm's job states to what a Kubernetes user should see; pure.</summary>
internal static class JobVerdicts
{
    public static JobVerdict Of(JobStatus job) => job.State switch
    {
        _ when job.State.IsQueued() => Queued(job),
        JobState.Configuring => Starting(job, "its nodes are being made ready"),
        JobState.Running => Starting(job, "its agent prepares the containers") with { HasStarted = true, EventReason = "JobStarted" },
        JobState.Suspended or JobState.Stopped => new JobVerdict
        {
            HasStarted = true,
            Message = $"{Name(job)} is suspended{Because(job)}",
            EventReason = "JobSuspended",
            IsWarning = true,
        },
        JobState.Completed => Failed(job, "AgentLost", "ended without a last report of its agent") with { ExitCode = 137 },
        JobState.Failed => Failed(job, "SlurmJobFailed", $"failed with {Exit(job)}"),
        JobState.Timeout or JobState.Deadline => Failed(job, "DeadlineExceeded", "ran into its time limit"),
        JobState.OutOfMemory => Failed(job, "OOMKilled", "used more memory than it had asked for") with { TerminatedReason = "OOMKilled", ExitCode = 137 },
        JobState.NodeFail => Failed(job, "NodeLost", "lost its node", disruption: "SlurmNodeFail"),
        JobState.BootFail => Failed(job, "NodeLost", "could not start: its node did not boot", disruption: "SlurmBootFail"),
        JobState.Preempted => Failed(job, "Preempted", "was preempted by another job", disruption: "SlurmPreempted"),
        JobState.Cancelled => Failed(job, "SlurmCancelled", "was cancelled", disruption: "SlurmCancelled"),
        JobState.Revoked => Failed(job, "SlurmRevoked", "was taken over by another cluster", disruption: "SlurmRevoked"),
        JobState.Lost => Failed(job, "SlurmJobLost", "is not known any more", disruption: "SlurmJobLost"),
        _ => new JobVerdict { HasStarted = job.State != JobState.Unknown },
    };

    /// <summary>
    /// For a backend without agents: the job is the pod. Running means that its containers run, and its end is theirs.
    /// </summary>
    public static JobVerdict OfAgentless(JobStatus job) => job.State switch
    {
        JobState.Running or JobState.Completing => new JobVerdict { Phase = "Running", HasStarted = true, EventReason = "Started", Message = $"{Name(job)} runs" },
        JobState.Completed => new JobVerdict { Phase = "Succeeded", HasStarted = true, TerminatedReason = "Completed" },
        _ => Of(job),
    };

    private static JobVerdict Queued(JobStatus job)
    {
        string reason = job.State switch
        {
            JobState.RequeueHeld or JobState.SpecialExit => "JobRequeueHeld",
            _ => job.Reason.Length > 0 ? job.Reason : "Queued",
        };
        string expected = job.StartTime is { } start
            ? $"; expected to start at {start.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)}"
            : "";
        return new JobVerdict
        {
            Phase = "Pending",
            WaitingReason = "Slurm" + Camel(WithoutDetails(reason)),
            Message = $"{Name(job)} waits in partition {job.Partition}: {reason}{expected}",
            EventReason = IsStuck(WithoutDetails(reason)) ? "JobStuck" : "",
            IsWarning = true,
        };
    }

    private static JobVerdict Starting(JobStatus job, string what) => new()
    {
        Phase = "Pending",
        WaitingReason = "ContainerCreating",
        Message = $"{Name(job)} started on {(job.Nodes.Length > 0 ? job.Nodes : "its node")}; {what}",
    };

    private static JobVerdict Failed(JobStatus job, string reason, string what, string disruption = "") => new()
    {
        Phase = "Failed",
        Reason = reason,
        Message = $"{Name(job)} {what}{Because(job)}",
        TerminatedReason = "Error",
        ExitCode = job.Signal is > 0 and < 65 ? 128 + job.Signal : job.ExitCode > 0 ? job.ExitCode : 137,
        Signal = job.Signal is > 0 and < 65 ? job.Signal : 0,
        DisruptionReason = disruption,
        HasStarted = job.Nodes.Length > 0,
        EventReason = reason,
        IsWarning = true,
    };

    /// <summary>Reasons that do not pass with time: somebody has to do something (squeue(1), JOB REASON CODES).</summary>
    private static bool IsStuck(string reason) =>
        reason.StartsWith("Invalid", StringComparison.Ordinal)
        || reason.StartsWith("Bad", StringComparison.Ordinal)
        || reason is "DependencyNeverSatisfied" or "PartitionNodeLimit" or "PartitionTimeLimit" or "PartitionDown" or "PartitionInactive"
            or "JobHeldAdmin" or "JobHeldUser" or "AssociationJobLimit" or "ReqNodeNotAvail" or "FrontEndDown" or "launch_failed_requeued_held"
            or "JobRequeueHeld" or "NodeDown";

    /// <summary>The reason without what it names: <c>ReqNodeNotAvail, UnavailableNodes:n1</c>, <c>Nodes required … (…)</c>.</summary>
    private static string WithoutDetails(string reason) =>
        reason.AsSpan().IndexOfAny(",(:") is > 0 and var end ? reason[..end].TrimEnd() : reason;

    private static string Name(JobStatus job) =>
        job.JobId.StartsWith("local-", StringComparison.Ordinal) ? "The local job" : $"Slurm job {job.JobId}";

    private static string Because(JobStatus job) =>
        job.Reason.Length > 0 && job.Reason is not ("NonZeroExitCode" or "TimeLimit" or "OutOfMemory") ? $" ({job.Reason})" : "";

    private static string Exit(JobStatus job) => job.Signal > 0
        ? string.Create(CultureInfo.InvariantCulture, $"signal {job.Signal}")
        : string.Create(CultureInfo.InvariantCulture, $"exit code {job.ExitCode}");

    /// <summary>A reason fit for an API field: letters and digits only, as <c>launch failed requeued held</c> is not.</summary>
    private static string Camel(string reason)
    {
        string[] words = reason.Split([' ', '_', ',', '(', ')', ':', '-', '.', '/'], StringSplitOptions.RemoveEmptyEntries);
        string joined = string.Concat(words.Take(4).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return new string([.. joined.Where(char.IsAsciiLetterOrDigit)]);
    }
}
