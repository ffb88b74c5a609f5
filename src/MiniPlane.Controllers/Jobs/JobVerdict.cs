using MiniPlane.Controllers.Views;

namespace MiniPlane.Controllers.Jobs;

/// <summary>Whether and why a Job is at its end, before its last pods have gone.</summary>
internal sealed record JobVerdict(bool IsSuccess, string Reason, string Message)
{
    /// <summary>The condition that announces the end while pods are still ending.</summary>
    public string Announcement => IsSuccess ? "SuccessCriteriaMet" : "FailureTarget";

    /// <summary>The condition of the end itself.</summary>
    public string Condition => IsSuccess ? "Complete" : "Failed";

    /// <summary>
    /// The verdict on a Job whose pods are counted, or null while it goes on. A verdict once announced stays. Pure.
    /// </summary>
    public static JobVerdict? Of(Job job, JobPods pods, DateTimeOffset now)
    {
        foreach (Condition condition in job.Status.Conditions.Where(condition => condition.IsTrue))
        {
            if (condition.Type is "FailureTarget" or "SuccessCriteriaMet")
            {
                return new JobVerdict(
                    condition.Type == "SuccessCriteriaMet", condition.Reason ?? "", condition.Message ?? "");
            }
        }

        if (job.Status.Failed > (job.Spec.BackoffLimit ?? 6) || JobBackOff.IsPastLimitByRestarts(job, pods.All))
        {
            return new JobVerdict(IsSuccess: false, "BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }

        if (!job.Spec.Suspend && UntilDeadline(job, now) is { } left && left <= TimeSpan.Zero)
        {
            return new JobVerdict(IsSuccess: false, "DeadlineExceeded", "Job was active longer than specified deadline");
        }

        return IsEnough(job, pods)
            ? new JobVerdict(IsSuccess: true, "CompletionsReached", "Reached expected number of succeeded pods")
            : null;
    }

    /// <summary>The time left to a Job with a deadline, or null.</summary>
    public static TimeSpan? UntilDeadline(Job job, DateTimeOffset now) =>
        job is { Spec.ActiveDeadlineSeconds: { } seconds, Status.StartTime: { } started }
            ? started + TimeSpan.FromSeconds(seconds) - now
            : null;

    private static bool IsEnough(Job job, JobPods pods)
    {
        if (job.Spec.Completions is { } completions)
        {
            return job.Status.Succeeded >= completions && pods.Active.Count == 0;
        }

        // A work queue: one success says that the work is done; the other workers finish what they hold.
        return job.Status.Succeeded > 0 && pods.Active.Count == 0;
    }
}
