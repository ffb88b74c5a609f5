using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Workloads.Status;

/// <summary>
/// Takes an agent's report into a pod's status; pure. The agent owns what a kubelet owns; conditions that others set
/// (PodScheduled, readiness gates, DisruptionTarget) stay, and the derived ones are derived here.
/// </summary>
internal static class AgentStatusMerge
{
    private static readonly string[] Owned =
    [
        "phase", "reason", "message", "hostIP", "hostIPs", "podIP", "podIPs", "startTime", "initContainerStatuses", "containerStatuses",
        "ephemeralContainerStatuses",
    ];

    private static readonly string[] Derived = ["Initialized", "ContainersReady", "Ready"];

    public static JsonObject Apply(JsonObject pod, JsonObject report, DateTimeOffset now)
    {
        JsonObject status = pod.Object("status")?.DeepClone().AsObject() ?? [];
        string before = status.TextOrEmpty("phase");
        foreach (string field in Owned)
        {
            if (report[field] is { } value)
            {
                status[field] = value.DeepClone();
            }
        }

        if (report.TextOrEmpty("reason").Length == 0 && before is not ("Failed" or "Succeeded"))
        {
            status.Remove("reason");
            status.Remove("message");
        }

        if (before is "Failed" or "Succeeded")
        {
            // The end of a pod is final (core.v1.PodPhase), whoever saw it first.
            status["phase"] = before;
        }

        foreach (JsonObject condition in report.Objects("conditions").Where(IsOwned))
        {
            PodConditions.Set(
                status,
                condition.TextOrEmpty("type"),
                condition.Text("status") == "True",
                condition.TextOrEmpty("reason"),
                condition.TextOrEmpty("message"),
                now);
        }

        bool hasSandbox = PodConditions.Find(report, "PodReadyToStartContainers") is { } sandbox
            ? sandbox.Text("status") == "True"
            : status.TextOrEmpty("podIP").Length > 0;
        PodConditions.Derive(pod, status, hasSandbox, now);
        if (pod.Integer("metadata", "generation") is { } generation and > 0)
        {
            status["observedGeneration"] = generation;
        }

        return status;
    }

    private static bool IsOwned(JsonObject condition) =>
        condition.TextOrEmpty("type") is { Length: > 0 } type
        && type is not ("PodScheduled" or "DisruptionTarget")
        && !Derived.Contains(type, StringComparer.Ordinal);
}
