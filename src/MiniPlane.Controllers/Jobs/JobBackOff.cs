using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Jobs;

/// <summary>
/// How long a Job waits before it replaces failed pods: 10 s, doubled for each failure since the last success, at most 10
/// minutes. It is read from the pods themselves, so that a restart of the control plane forgets nothing. Pure.
/// </summary>
internal static class JobBackOff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static TimeSpan Remaining(IReadOnlyList<ObjectDocument> pods, DateTimeOffset now)
    {
        DateTimeOffset lastSuccess = pods.Where(pod => pod.AsPod().IsSucceeded)
            .Select(JobPods.FinishTime).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        DateTimeOffset[] failures =
        [
            .. pods.Where(pod => pod.AsPod().IsFailed).Select(JobPods.FinishTime).Where(time => time > lastSuccess),
        ];
        if (failures.Length == 0)
        {
            return TimeSpan.Zero;
        }

        return Left(failures.Max(), failures.Length, now);
    }

    /// <summary>The wait before the pod of one index is replaced, which failed so often by now.</summary>
    public static TimeSpan Remaining(ObjectDocument last, int failures, DateTimeOffset now) =>
        failures == 0 ? TimeSpan.Zero : Left(JobPods.FinishTime(last), failures, now);

    /// <summary>
    /// With restartPolicy OnFailure containers restart in place, so the restarts of running pods count against the limit.
    /// </summary>
    public static bool IsPastLimitByRestarts(Job job, IReadOnlyList<ObjectDocument> pods)
    {
        if (job.Spec.BackoffLimit is not { } limit || job.Spec.Template.Spec.RestartPolicy != "OnFailure")
        {
            return false;
        }

        int restarts = pods.Select(pod => pod.AsPod().Status)
            .Where(status => status.Phase is "Running" or "Pending")
            .Sum(status => status.ContainerStatuses.Concat(status.InitContainerStatuses).Sum(container => container.RestartCount));
        return limit == 0 ? restarts > 0 : restarts >= limit;
    }

    private static TimeSpan Left(DateTimeOffset since, int failures, DateTimeOffset now)
    {
        TimeSpan delay = failures > 10 ? Longest : First * Math.Pow(2, failures - 1);
        TimeSpan left = since + (delay < Longest ? delay : Longest) - now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
