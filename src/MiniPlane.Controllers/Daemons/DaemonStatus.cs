using System.Text.Json.Nodes;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Daemons;

/// <summary>Counts a DaemonSet's nodes into its status. Pure: it edits the JSON it is given.</summary>
internal static class DaemonStatus
{
    public static void Write(
        JsonObject status, ObjectDocument document, IReadOnlyList<DaemonNode> nodes, string hash, int collisions, DateTimeOffset now)
    {
        int minReady = document.AsDaemonSet().Spec.MinReadySeconds;
        DaemonNode[] wanted = [.. nodes.Where(node => node.ShouldRun)];
        ObjectDocument[] oldest = [.. wanted.Where(node => node.All.Count > 0).Select(node => node.Active is [var first, ..] ? first : node.All[0])];
        int available = oldest.Count(pod => pod.AsPod().IsAvailable(minReady, now));
        status["currentNumberScheduled"] = oldest.Length;
        status["numberMisscheduled"] = nodes.Count(node => !node.ShouldRun && node.All.Count > 0);
        status["desiredNumberScheduled"] = wanted.Length;
        status["numberReady"] = oldest.Count(pod => pod.AsPod().IsReady);
        status["observedGeneration"] = document.Metadata.Generation;
        SetCount(status, "updatedNumberScheduled", oldest.Count(pod => DaemonNode.IsOf(pod, hash)));
        SetCount(status, "numberAvailable", available);
        SetCount(status, "numberUnavailable", wanted.Length - available);
        SetCount(status, "collisionCount", collisions);
    }

    private static void SetCount(JsonObject status, string name, int count)
    {
        if (count == 0)
        {
            status.Remove(name);
        }
        else
        {
            status[name] = count;
        }
    }
}
