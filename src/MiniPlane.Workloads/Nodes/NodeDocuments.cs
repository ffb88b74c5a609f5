using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Nodes;

/// <summary>What a partition looks like as a Node; pure.</summary>
internal static class NodeDocuments
{
    private const string DownTaint = WorkloadAnnotations.Prefix + "partition-down";
    private const string NotReadyTaint = "node.kubernetes.io/not-ready";
    private const string UnreachableTaint = "node.kubernetes.io/unreachable";

    public static JsonObject Labels(string nodeName, PartitionInfo partition, HostFacts host)
    {
        var labels = new JsonObject
        {
            ["kubernetes.io/hostname"] = nodeName,
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = host.Architecture,
            ["beta.kubernetes.io/os"] = "linux",
            ["beta.kubernetes.io/arch"] = host.Architecture,
            ["node-role.kubernetes.io/partition"] = "",
            [WorkloadAnnotations.NodePartition] = ToLabelValue(partition.Name),
            [WorkloadAnnotations.NodeDefault] = partition.IsDefault ? "true" : "false",
        };
        foreach (string feature in partition.Features.Where(feature => ToLabelValue(feature) == feature && feature.Length > 0))
        {
            labels[WorkloadAnnotations.FeaturePrefix + feature] = "true";
        }

        if (partition.GpuCount > 0 && partition.Gpus.Keys.Where(type => type.Length > 0).ToArray() is [var type])
        {
            labels[WorkloadAnnotations.GpuType] = ToLabelValue(type);
        }

        return labels;
    }

    public static JsonObject Annotations(PartitionInfo partition) => new()
    {
        [WorkloadAnnotations.NodePartition] = partition.Name,
        [WorkloadAnnotations.MaxCpusPerNode] = Number(partition.MaxCpusPerNode),
        [WorkloadAnnotations.MaxMemoryPerNode] = $"{Number(partition.MaxMemoryMiBPerNode)}Mi",
        [WorkloadAnnotations.MaxGpusPerNode] = Number(partition.MaxGpusPerNode),
        [WorkloadAnnotations.Prefix + "node-list"] = partition.NodeList.Length <= 1000 ? partition.NodeList : partition.NodeList[..1000],
        [WorkloadAnnotations.Prefix + "max-time"] = partition.MaxTime is { } time ? ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture) + "s" : "unlimited",
    };

    /// <summary>The taints of others, with ours as they now must be. Nothing that runs is ever evicted by them.</summary>
    public static JsonArray Taints(JsonNode? before, PartitionInfo partition, string trouble)
    {
        IEnumerable<JsonNode> others = before.Objects("spec", "taints")
            .Where(taint => taint.Text("key") is not (DownTaint or NotReadyTaint or UnreachableTaint))
            .Select(taint => taint.DeepClone());
        var taints = new JsonArray([.. others]);
        if (partition.Availability != "up")
        {
            taints.Add((JsonNode)new JsonObject { ["key"] = DownTaint, ["value"] = partition.Availability, ["effect"] = "NoSchedule" });
        }

        if (trouble.Length > 0)
        {
            taints.Add((JsonNode)new JsonObject { ["key"] = UnreachableTaint, ["effect"] = "NoSchedule" });
        }
        else if (Trouble(partition, trouble).Length > 0)
        {
            taints.Add((JsonNode)new JsonObject { ["key"] = NotReadyTaint, ["effect"] = "NoSchedule" });
        }

        return taints;
    }

    public static JsonObject Status(JsonNode? before, string nodeName, PartitionInfo partition, string trouble, HostFacts host, NodeShape shape)
    {
        JsonObject status = before.Object("status")?.DeepClone().AsObject() ?? [];
        status["capacity"] = Amounts(partition, shape);
        status["allocatable"] = Amounts(partition, shape);
        status["addresses"] = new JsonArray(
            new JsonObject { ["type"] = "InternalIP", ["address"] = host.Address },
            new JsonObject { ["type"] = "Hostname", ["address"] = nodeName });
        status["nodeInfo"] = host.ToNodeInfo(shape.BackendVersion);
        status["daemonEndpoints"] = new JsonObject { ["kubeletEndpoint"] = new JsonObject { ["Port"] = 0 } };
        SetReady(status, partition, trouble, shape);
        foreach ((string type, string reason, string text) in new[]
        {
            ("MemoryPressure", "SlurmSchedules", "Slurm places jobs only where their memory is free"),
            ("DiskPressure", "SlurmSchedules", "the disks of the compute nodes are the site's care"),
            ("PIDPressure", "SlurmSchedules", "the processes of the compute nodes are the site's care"),
        })
        {
            SetCondition(status, type, "False", reason, text, shape.Now);
        }

        return status;
    }

    private static void SetReady(JsonObject status, PartitionInfo partition, string trouble, NodeShape shape)
    {
        string reason = Trouble(partition, trouble);
        string nodes = string.Create(CultureInfo.InvariantCulture, $"{partition.UsableNodes} of {partition.Nodes} nodes can take jobs");
        string message = reason switch
        {
            "BackendUnavailable" => $"{shape.BackendName} does not answer: {trouble}",
            "PartitionDown" => $"partition {partition.Name} is {partition.Availability}",
            "NoUsableNodes" => $"{nodes}{(partition.DownReason.Length > 0 ? $": {partition.DownReason}" : "")}",
            _ => $"partition {partition.Name} is {partition.Availability}; {nodes}",
        };

        // As of a node that does not answer: what becomes of its pods is not known, and not that they are in trouble.
        string value = reason.Length == 0 ? "True" : trouble.Length > 0 ? "Unknown" : "False";
        SetCondition(status, "Ready", value, reason.Length == 0 ? "PartitionUp" : reason, message, shape.Now);
    }

    private static string Trouble(PartitionInfo partition, string trouble) =>
        trouble.Length > 0 ? "BackendUnavailable"
        : partition.Availability is "down" or "inactive" ? "PartitionDown"
        : partition.UsableNodes == 0 ? "NoUsableNodes"
        : "";

    private static void SetCondition(JsonObject status, string type, string text, string reason, string message, DateTimeOffset now)
    {
        JsonObject? known = status.Objects("conditions").FirstOrDefault(condition => condition.Text("type") == type);
        string changed = known?.Text("status") == text ? known.TextOrEmpty("lastTransitionTime") : KubeTime.Format(now);
        var made = new JsonObject
        {
            ["type"] = type,
            ["status"] = text,
            ["lastHeartbeatTime"] = KubeTime.Format(now),
            ["lastTransitionTime"] = changed,
            ["reason"] = reason,
            ["message"] = message,
        };
        JsonArray conditions = status.EnsureArray("conditions");
        if (known is null)
        {
            conditions.Add((JsonNode)made);
        }
        else
        {
            conditions[conditions.IndexOf(known)] = made;
        }
    }

    private static JsonObject Amounts(PartitionInfo partition, NodeShape shape)
    {
        var amounts = new JsonObject
        {
            ["cpu"] = Number(partition.Cpus),
            ["memory"] = $"{Number(partition.MemoryMiB)}Mi",
            ["pods"] = Number((long)shape.PodsPerNode * Math.Max(1, partition.UsableNodes)),
        };
        if (partition.GpuCount > 0)
        {
            amounts[shape.GpuResource] = Number(partition.GpuCount);
        }

        return amounts;
    }

    /// <summary>Label values are letters, digits, dashes, underscores and dots, at most 63 of them.</summary>
    private static string ToLabelValue(string text)
    {
        string allowed = new([.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')]);
        return (allowed.Length > 63 ? allowed[..63] : allowed).Trim('-', '_', '.');
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
