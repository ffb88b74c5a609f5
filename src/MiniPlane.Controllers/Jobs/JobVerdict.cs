using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Loops;

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

        return ByIndexes(job) ?? ByPolicy(job) ?? (IsEnough(job, pods)
            ? new JobVerdict(IsSuccess: true, "CompletionsReached", "Reached expected number of succeeded pods")
            : null);
    }

    /// <summary>The time left to a Job with a deadline, or null.</summary>
    public static TimeSpan? UntilDeadline(Job job, DateTimeOffset now) =>
        job is { Spec.ActiveDeadlineSeconds: { } seconds, Status.StartTime: { } started }
            ? started + Durations.Seconds(seconds) - now
            : null;

    private static JobVerdict? ByIndexes(Job job)
    {
        if (job.Spec.BackoffLimitPerIndex is null)
        {
            return null;
        }

        int completions = job.Spec.Completions ?? 0;
        int failed = IndexSet.Parse(job.Status.FailedIndexes, completions).Count;
        if (job.Spec.MaxFailedIndexes is { } most && failed > most)
        {
            return new JobVerdict(
                IsSuccess: false, "MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
        }

        return failed > 0 && failed + job.Status.Succeeded >= completions
            ? new JobVerdict(IsSuccess: false, "FailedIndexes", "Job has failed indexes")
            : null;
    }

    /// <summary>A success policy ends the Job when the indexes that matter have succeeded.</summary>
    private static JobVerdict? ByPolicy(Job job)
    {
        int completions = job.Spec.Completions ?? 0;
        SortedSet<int> done = IndexSet.Parse(job.Status.CompletedIndexes, completions);
        IReadOnlyList<SuccessRule> rules = job.Spec.SuccessPolicy?.Rules ?? [];
        for (int i = 0; i < rules.Count; i++)
        {
            SortedSet<int> wanted = rules[i].SucceededIndexes is { } text
                ? IndexSet.Parse(text, completions)
                : [.. Enumerable.Range(0, completions)];
            int enough = rules[i].SucceededCount ?? wanted.Count;
            if (enough > 0 && wanted.Count(done.Contains) >= enough)
            {
                return new JobVerdict(IsSuccess: true, "SuccessPolicy", $"Matched rules at index {i}");
            }
        }

        return null;
    }

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
