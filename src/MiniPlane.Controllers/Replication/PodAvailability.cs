using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Replication;

/// <summary>A ready pod becomes available by time alone, which no watch tells. Pure.</summary>
internal static class PodAvailability
{
    /// <summary>When the next of these pods becomes available.</summary>
    public static ReconcileResult Next(IEnumerable<ObjectDocument> pods, int minReadySeconds, DateTimeOffset now)
    {
        if (minReadySeconds == 0)
        {
            return ReconcileResult.Done;
        }

        var delay = TimeSpan.FromSeconds(minReadySeconds);
        ReconcileResult result = ReconcileResult.Done;
        foreach (ObjectDocument pod in pods)
        {
            if (pod.AsPod().Condition("Ready") is { IsTrue: true, LastTransitionTime: { } since } && since + delay > now)
            {
                result = result.Or(ReconcileResult.After(since + delay - now));
            }
        }

        return result;
    }
}
