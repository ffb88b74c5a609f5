using MiniPlane.Controllers.Jobs;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Replication;

/// <summary>
/// How long a ReplicaSet waits before it replaces pods that failed as a whole. Upstream waits never, for there a container that
/// crashes is restarted in its pod; here each such pod is a job, and one whose job cannot start must not flood Slurm. A first round of
/// failures is replaced at once, the next after 10 s, doubled up to 5 minutes. Read from the failed pods themselves. Pure.
/// </summary>
internal static class ReplicaBackOff
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);

    public static TimeSpan Remaining(IEnumerable<ObjectDocument> pods, int wanted, DateTimeOffset now)
    {
        int failures = 0;
        DateTimeOffset last = DateTimeOffset.MinValue;
        foreach (ObjectDocument pod in pods)
        {
            if (!pod.Metadata.IsBeingDeleted && pod.AsPod().IsFailed && JobPods.FinishTime(pod) is var finished && now - finished < Window)
            {
                failures++;
                last = finished > last ? finished : last;
            }
        }

        int rounds = failures / Math.Max(1, wanted);
        if (rounds < 2)
        {
            return TimeSpan.Zero;
        }

        TimeSpan delay = rounds > 7 ? Longest : First * Math.Pow(2, rounds - 2);
        TimeSpan left = last + (delay < Longest ? delay : Longest) - now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
