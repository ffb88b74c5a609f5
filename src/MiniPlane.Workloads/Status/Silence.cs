using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Workloads.Status;

/// <summary>
/// What a pod's status says while its agent is not heard of although its job runs; pure. As upstream's node controller does for the
/// pods of a silent kubelet, only <c>Ready</c> is taken: what the containers do is not known.
/// </summary>
internal static class Silence
{
    public const string Reason = "AgentNotConnected";

    /// <summary>Upstream's node-monitor-grace-period.</summary>
    public static readonly TimeSpan UnreadyAfter = TimeSpan.FromSeconds(50);

    public static readonly TimeSpan ToldAfter = TimeSpan.FromMinutes(2);

    /// <summary>Whether the pod may carry the mark; quick, for most never do. What an earlier process wrote counts too.</summary>
    public static bool MayBeMarked(ObjectDocument pod) => pod.Mentions("\"AgentNotConnected\""u8);

    public static JsonObject Mark(JsonObject pod, string host, DateTimeOffset now)
    {
        JsonObject status = pod.Object("status")?.DeepClone().AsObject() ?? [];
        if (PodConditions.IsTrue(status, "Ready"))
        {
            PodConditions.Set(status, "Ready", value: false, Reason, $"the agent on {host} is not connected", now);
        }

        return status;
    }

    /// <summary>The agent is back: the pod is as ready as its containers were last known to be.</summary>
    public static JsonObject Unmark(JsonObject pod, DateTimeOffset now)
    {
        JsonObject status = pod.Object("status")?.DeepClone().AsObject() ?? [];
        if (PodConditions.Find(status, "Ready")?.Text("reason") == Reason)
        {
            PodConditions.Derive(pod, status, PodConditions.IsTrue(status, "PodReadyToStartContainers"), now);
        }

        return status;
    }
}
