using System.Text.Json.Nodes;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Pods;

/// <summary>Whether a stream into a pod makes sense, and what to say if not, in the words of the API server and the kubelet.</summary>
internal static class PodReadiness
{
    /// <summary>The way into the pod; a pod without a node, or a server without workloads, has none.</summary>
    public static IPodConnections RequireNode(JsonObject pod, IPodConnections? connections)
    {
        string name = pod.TextOrEmpty("metadata", "name");
        if (pod.TextOrEmpty("spec", "nodeName").Length == 0)
        {
            throw ApiErrors.BadRequest($"pod {name} does not have a host assigned");
        }

        return connections ?? throw ApiErrors.ServiceUnavailable($"no connection to the node of pod {name}");
    }

    /// <summary>A container that has not started has no output yet.</summary>
    public static void RequireStarted(JsonObject pod, string container)
    {
        string name = pod.TextOrEmpty("metadata", "name");
        JsonObject? status = Status(pod, container);
        if (status is null)
        {
            if (pod.Text("status", "phase") is "Succeeded" or "Failed")
            {
                return;
            }

            throw ApiErrors.BadRequest($"container \"{container}\" in pod \"{name}\" is waiting to start: {PodReason(pod)}");
        }

        bool hasRun = status.Has("state", "running") || status.Has("state", "terminated") || status.Has("lastState", "terminated");
        if (hasRun)
        {
            return;
        }

        string reason = status.Text("state", "waiting", "reason") ?? "ContainerCreating";
        throw ApiErrors.BadRequest(reason is "ErrImagePull" or "ImagePullBackOff"
            ? $"container \"{container}\" in pod \"{name}\" is waiting to start: {(reason == "ErrImagePull" ? "image can't be pulled" : "trying and failing to pull image")}"
            : $"container \"{container}\" in pod \"{name}\" is waiting to start: {reason}");
    }

    /// <summary>Output of the run before needs a run before.</summary>
    public static void RequirePrevious(JsonObject pod, string container)
    {
        if (Status(pod, container) is not { } status || !status.Has("lastState", "terminated"))
        {
            throw ApiErrors.BadRequest(
                $"previous terminated container \"{container}\" in pod \"{pod.TextOrEmpty("metadata", "name")}\" not found");
        }
    }

    // A pod still in the site's queue says so: that is what the user waits for.
    private static string PodReason(JsonObject pod) => pod.Objects("status", "conditions")
        .Where(condition => condition.Text("type") is "PodScheduled" or "Ready" && condition.Text("status") == "False")
        .Select(condition => condition.Text("reason"))
        .FirstOrDefault(reason => reason is { Length: > 0 } and not "ContainersNotReady") ?? "ContainerCreating";

    private static JsonObject? Status(JsonObject pod, string container) => pod.Objects("status", "containerStatuses")
        .Concat(pod.Objects("status", "initContainerStatuses"))
        .Concat(pod.Objects("status", "ephemeralContainerStatuses"))
        .FirstOrDefault(status => status.Text("name") == container);
}
