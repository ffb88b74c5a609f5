using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>
/// The pods behind an autoscaler, told apart by whether their figures mean anything (upstream's groupPods). Pure.
/// </summary>
internal sealed record PodGroups(
    IReadOnlyDictionary<string, long> Used, IReadOnlyList<string> Unready, IReadOnlyList<string> Missing, DateTimeOffset? Time)
{
    /// <summary>A pod that has just started uses more CPU than it will (<c>--horizontal-pod-autoscaler-cpu-initialization-period</c>).</summary>
    private static readonly TimeSpan CpuInitialization = TimeSpan.FromMinutes(5);

    /// <summary>A pod that was never ready for so long after its start is still starting.</summary>
    private static readonly TimeSpan InitialReadinessDelay = TimeSpan.FromSeconds(30);

    public int ReadyCount => Used.Count;

    /// <param name="pods">All pods that the target's selector matches.</param>
    /// <param name="measure">The newest figure of a pod; null when there is none.</param>
    /// <param name="isCpu">CPU figures of starting pods are set aside.</param>
    /// <param name="now">The time.</param>
    public static PodGroups Of(
        IEnumerable<ObjectDocument> pods,
        Func<ObjectDocument, PodFigure?> measure,
        bool isCpu,
        DateTimeOffset now)
    {
        Dictionary<string, long> used = new(StringComparer.Ordinal);
        List<string> unready = [];
        List<string> missing = [];
        DateTimeOffset? time = null;
        foreach (ObjectDocument document in pods)
        {
            Pod pod = document.AsPod();
            string name = document.Metadata.Name;
            if (document.Metadata.IsBeingDeleted || pod.IsFailed || pod.IsSucceeded)
            {
                continue;
            }

            if (pod.Status.Phase is null or "" or "Pending")
            {
                unready.Add(name);
            }
            else if (measure(document) is not { } measured)
            {
                missing.Add(name);
            }
            else if (isCpu && IsStarting(pod, measured, now))
            {
                unready.Add(name);
            }
            else
            {
                used[name] = measured.Milli;
                time = measured.Time;
            }
        }

        return new PodGroups(used, unready, missing, time);
    }

    private static bool IsStarting(Pod pod, PodFigure measured, DateTimeOffset now)
    {
        if (pod.Condition("Ready") is not { LastTransitionTime: { } changed } ready || pod.Status.StartTime is not { } started)
        {
            return true;
        }

        return started + CpuInitialization > now
            ? !ready.IsTrue || measured.Time < changed + measured.Window
            : !ready.IsTrue && started + InitialReadinessDelay > changed;
    }
}
