using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Dispatch;

namespace MiniPlane.Workloads.Status;

/// <summary>Reads and sets conditions of a pod's status, keeping the time of their last change as Kubernetes does.</summary>
internal static class PodConditions
{
    /// <summary>Sets a condition; its <c>lastTransitionTime</c> moves only when its status does.</summary>
    public static void Set(JsonObject status, string type, bool value, string reason, string message, DateTimeOffset now)
    {
        JsonArray conditions = status.EnsureArray("conditions");
        JsonObject? known = Find(status, type);
        string text = value ? "True" : "False";
        string changed = known?.Text("status") == text && known.Text("lastTransitionTime") is { } before ? before : KubeTime.Format(now);
        var made = new JsonObject { ["type"] = type, ["status"] = text, ["lastProbeTime"] = null, ["lastTransitionTime"] = changed };
        if (reason.Length > 0)
        {
            made["reason"] = reason;
        }

        if (message.Length > 0)
        {
            made["message"] = message;
        }

        int at = known is null ? -1 : conditions.IndexOf(known);
        if (at < 0)
        {
            conditions.Add((JsonNode)made);
        }
        else
        {
            conditions[at] = made;
        }
    }

    public static bool IsTrue(JsonObject status, string type) => Find(status, type)?.Text("status") == "True";

    public static JsonObject? Find(JsonObject status, string type) =>
        status.Objects("conditions").FirstOrDefault(condition => condition.Text("type") == type);

    /// <summary>
    /// Sets the four conditions that a kubelet derives from its containers (kubelet status/generate.go), for a pod as its
    /// status now is.
    /// </summary>
    public static void Derive(JsonObject pod, JsonObject status, bool hasSandbox, DateTimeOffset now)
    {
        string phase = status.TextOrEmpty("phase");
        JsonObject[] inits = [.. status.Objects("initContainerStatuses")];
        JsonObject[] containers = [.. status.Objects("containerStatuses")];
        bool isOver = phase is "Succeeded" or "Failed";
        string[] unready = [.. containers.Where(container => container.Flag("ready") != true).Select(container => container.TextOrEmpty("name"))];
        string[] uninitialized = [.. inits.Where(container => !IsInitialized(container)).Select(container => container.TextOrEmpty("name"))];

        // Once a container of the pod has started, a sidecar that runs anew does not take that back (HasAnyRegularContainerStarted).
        bool isInitialized = phase == "Succeeded"
            || uninitialized.Length == 0
            || containers.Any(container => container.Has("state", "running") || container.Has("state", "terminated"));
        bool areReady = !isOver && containers.Length > 0 && unready.Length == 0 && isInitialized;
        string unreadyReason = phase switch { "Succeeded" => "PodCompleted", "Failed" => "PodFailed", _ => "ContainersNotReady" };
        string unreadyText = isOver ? "" : $"containers with unready status: [{string.Join(' ', unready)}]";
        Set(status, "PodReadyToStartContainers", hasSandbox && !isOver, "", "", now);
        Set(
            status,
            "Initialized",
            isInitialized,
            isInitialized ? "" : "ContainersNotInitialized",
            isInitialized ? "" : $"containers with incomplete status: [{string.Join(' ', uninitialized)}]",
            now);
        Set(status, "ContainersReady", areReady, areReady ? "" : unreadyReason, areReady ? "" : unreadyText, now);
        string[] closed =
        [
            .. pod.Objects("spec", "readinessGates").Select(gate => gate.TextOrEmpty("conditionType")).Where(type => !IsTrue(status, type)),
        ];
        bool isReady = areReady && closed.Length == 0;
        string gates = areReady && closed.Length > 0 ? "ReadinessGatesNotReady" : unreadyReason;
        string gatesText = areReady && closed.Length > 0 ? $"the status of pod readiness gate \"{closed[0]}\" is not \"True\"" : unreadyText;
        Set(status, "Ready", isReady, isReady ? "" : gates, isReady ? "" : gatesText, now);
        if (isOver && IsTrue(status, "AllContainersRestarting"))
        {
            // Its agent did not live to say so.
            Set(status, "AllContainersRestarting", false, unreadyReason, "", now);
        }
    }

    private static bool IsInitialized(JsonObject container) =>
        container.Flag("ready") == true
        || container.Flag("started") == true
        || container.Integer("state", "terminated", "exitCode") == 0;
}
