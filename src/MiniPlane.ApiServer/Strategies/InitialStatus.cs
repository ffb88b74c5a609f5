using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>The status of an object that was just made, with the zero values that kube-apiserver writes out.</summary>
internal static class InitialStatus
{
    /// <summary>What a client sent is dropped.</summary>
    public static void Empty(JsonObject obj) => obj["status"] = new JsonObject();

    /// <summary>Custom objects have no status until somebody writes one.</summary>
    public static void None(JsonObject obj) => obj.Remove("status");

    public static void Pending(JsonObject obj) => obj["status"] = new JsonObject { ["phase"] = "Pending" };

    public static void Pod(JsonObject pod) =>
        pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QosClass.Of(pod) };

    public static void Namespace(JsonObject ns) => ns["status"] = new JsonObject { ["phase"] = "Active" };

    public static void PersistentVolume(JsonObject volume)
    {
        var status = new JsonObject();
        if (volume.Text("metadata", "creationTimestamp") is { } created)
        {
            status["lastPhaseTransitionTime"] = created;
        }

        status["phase"] = "Pending";
        volume["status"] = status;
    }

    public static void LoadBalancer(JsonObject obj) => obj["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };

    public static void Replicas(JsonObject set) => set["status"] = new JsonObject { ["replicas"] = 0 };

    public static void StatefulSet(JsonObject set) =>
        set["status"] = new JsonObject { ["availableReplicas"] = 0, ["replicas"] = 0 };

    public static void DaemonSet(JsonObject set) => set["status"] = new JsonObject
    {
        ["currentNumberScheduled"] = 0,
        ["desiredNumberScheduled"] = 0,
        ["numberMisscheduled"] = 0,
        ["numberReady"] = 0,
    };

    public static void Autoscaler(JsonObject autoscaler) => autoscaler["status"] =
        autoscaler.Text("apiVersion") == "autoscaling/v1"
            ? new JsonObject { ["currentReplicas"] = 0, ["desiredReplicas"] = 0 }
            : new JsonObject { ["currentMetrics"] = null, ["desiredReplicas"] = 0 };

    public static void DisruptionBudget(JsonObject budget) => budget["status"] = new JsonObject
    {
        ["currentHealthy"] = 0,
        ["desiredHealthy"] = 0,
        ["disruptionsAllowed"] = 0,
        ["expectedPods"] = 0,
    };

    public static void VolumeAttachment(JsonObject attachment) => attachment["status"] = new JsonObject { ["attached"] = false };

    /// <summary>The storage version counts as stored from the first moment.</summary>
    public static void CustomResourceDefinition(JsonObject definition)
    {
        var stored = new JsonArray();
        foreach (JsonObject version in definition.Objects("spec", "versions"))
        {
            if (version.Flag("storage") == true)
            {
                stored.Add((JsonNode)version.TextOrEmpty("name"));
            }
        }

        definition["status"] = new JsonObject
        {
            ["acceptedNames"] = new JsonObject { ["kind"] = "", ["plural"] = "" },
            ["conditions"] = null,
            ["storedVersions"] = stored,
        };
    }
}
