using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Loops;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Status;

/// <summary>The ends of a pod's time: its own deadline, and its job's limit; pure.</summary>
internal static class TimeLimits
{
    private const long DefaultGrace = 30;

    // What the agent returns when the job was told to end: 128 and SIGTERM.
    private const int TerminatedBySignal = 143;

    // Slurm gives its warning up to a minute early (sbatch(1), --signal).
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(100);

    /// <summary>What is left of <c>activeDeadlineSeconds</c>, which the time in the queue does not count to; null without one.</summary>
    public static TimeSpan? LeftOf(JsonObject pod, JobStatus job, DateTimeOffset now) =>
        pod.Integer("spec", "activeDeadlineSeconds") is { } seconds && job is { State: JobState.Running, StartTime: { } started }
            ? started + Durations.Seconds(seconds) - now
            : null;

    /// <summary>The status of a pod whose deadline is over, in kubelet's words.</summary>
    public static JsonObject Fail(JsonObject pod, DateTimeOffset now)
    {
        JsonObject status = pod.Object("status")?.DeepClone().AsObject() ?? [];
        if (status.Text("phase") is not ("Succeeded" or "Failed"))
        {
            status["phase"] = "Failed";
            status["reason"] = "DeadlineExceeded";
            status["message"] = "Pod was active on the node longer than the specified deadline";
            PodConditions.Derive(pod, status, hasSandbox: false, now);
        }

        return status;
    }

    /// <summary>
    /// A job whose agent heeded the warning before the limit ends by itself, and Slurm does not call that a time-out. It is
    /// one when the agent, or its containers, were ended by a signal shortly before the limit.
    /// </summary>
    public static JobStatus Recognize(JsonObject pod, JobStatus job, DateTimeOffset? limit)
    {
        bool endedByItself = job.State is JobState.Completed or JobState.Failed;
        bool wasNear = limit is { } at && job.EndTime is { } ended && at - ended < Durations.Seconds(GraceSeconds(pod)) + Slack;
        bool wasSignalled = job.ExitCode == TerminatedBySignal || pod.Objects("status", "containerStatuses").Any(container => container.Integer("state", "terminated", "exitCode") is 143 or 137);
        return endedByItself && wasNear && wasSignalled ? job with { State = JobState.Timeout } : job;
    }

    public static long GraceSeconds(JsonObject pod) => pod.Integer("spec", "terminationGracePeriodSeconds") ?? DefaultGrace;
}
