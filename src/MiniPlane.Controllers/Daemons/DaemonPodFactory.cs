using System.Text.Json.Nodes;
using MiniPlane.Controllers.Replication;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Daemons;

/// <summary>Makes the pod of a DaemonSet for one node. Pure.</summary>
internal static class DaemonPodFactory
{
    public const string HashLabel = "controller-revision-hash";

    /// <summary>What every daemon tolerates, for it belongs to its node whatever state that is in (upstream's AddOrUpdateDaemonPodTolerations).</summary>
    private static readonly (string Key, string Effect)[] Tolerated =
    [
        ("node.kubernetes.io/not-ready", "NoExecute"),
        ("node.kubernetes.io/unreachable", "NoExecute"),
        ("node.kubernetes.io/disk-pressure", "NoSchedule"),
        ("node.kubernetes.io/memory-pressure", "NoSchedule"),
        ("node.kubernetes.io/pid-pressure", "NoSchedule"),
        ("node.kubernetes.io/unschedulable", "NoSchedule"),
    ];

    /// <summary>A pod that only this node may take: the scheduler binds it, as it binds every other.</summary>
    public static JsonObject Make(PodControl pods, ObjectDocument daemonSet, JsonObject template, string hash, string node)
    {
        JsonObject pod = pods.FromTemplate(daemonSet, template);
        pod.Ensure("metadata", "labels")[HashLabel] = hash;
        JsonObject spec = pod.Ensure("spec");
        AddTolerations(spec);
        spec.Ensure("affinity", "nodeAffinity")["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject
        {
            ["nodeSelectorTerms"] = new JsonArray(new JsonObject
            {
                ["matchFields"] = new JsonArray(new JsonObject
                {
                    ["key"] = "metadata.name",
                    ["operator"] = "In",
                    ["values"] = new JsonArray(node),
                }),
            }),
        };
        return pod;
    }

    /// <summary>Adds the tolerations of every daemon to a pod's spec, each once.</summary>
    public static void AddTolerations(JsonObject spec)
    {
        IEnumerable<(string Key, string Effect)> wanted = spec.Flag("hostNetwork") == true
            ? Tolerated.Append(("node.kubernetes.io/network-unavailable", "NoSchedule"))
            : Tolerated;
        JsonArray tolerations = spec.EnsureArray("tolerations");
        foreach ((string key, string effect) in wanted)
        {
            bool isThere = spec.Objects("tolerations").Any(toleration =>
                toleration.TextOrEmpty("key") == key
                && toleration.TextOrEmpty("effect") == effect
                && toleration.TextOrEmpty("operator") == "Exists");
            if (!isThere)
            {
                tolerations.Add((JsonNode)new JsonObject { ["key"] = key, ["operator"] = "Exists", ["effect"] = effect });
            }
        }
    }

    /// <summary>The node a daemon's pod is on, or is meant for while the scheduler has not bound it.</summary>
    public static string? NodeOf(ObjectDocument pod)
    {
        JsonObject json = pod.ToJson();
        if (json.TextOrEmpty("spec", "nodeName") is { Length: > 0 } node)
        {
            return node;
        }

        JsonNode? required = json.At("spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        return required.Objects("nodeSelectorTerms")
            .SelectMany(term => term.Objects("matchFields"))
            .Where(field => field.TextOrEmpty("key") == "metadata.name" && field.TextOrEmpty("operator") == "In")
            .SelectMany(field => field.Texts("values"))
            .FirstOrDefault();
    }
}
