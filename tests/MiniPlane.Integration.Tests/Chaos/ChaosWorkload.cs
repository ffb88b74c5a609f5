using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Integration.Tests.Chaos;

/// <summary>One object that the chaos test changes, what it should be in the end, and how to tell that it is.</summary>
internal sealed class ChaosWorkload(string kind, string group, string plural, string name)
{
    private const string Namespace = "default";

    public string Kind => kind;

    public string Name => name;

    public int Replicas { get; set; } = 2;

    public int Image { get; set; } = 1;

    public bool IsPaused { get; set; }

    public bool HasReplicas => kind is not ("DaemonSet" or "Job");

    public bool CanRoll => kind is "Deployment" or "StatefulSet" or "DaemonSet";

    /// <summary>What a Job left behind belongs to nobody; all others take their orphans back.</summary>
    public bool CanOrphan => kind != "Job";

    public string Path => $"{Collection}/{name}";

    public string Collection => group == "v1" ? $"/api/v1/namespaces/{Namespace}/{plural}" : $"/apis/{group}/namespaces/{Namespace}/{plural}";

    private string ImageName => $"app:{Image.ToString(CultureInfo.InvariantCulture)}";

    public JsonObject Body()
    {
        var labels = new JsonObject { ["app"] = name };
        var spec = new JsonObject
        {
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() },
                ["spec"] = new JsonObject { ["containers"] = new JsonArray(Container()) },
            },
        };
        if (kind == "Job")
        {
            spec["completions"] = 3;
            spec["backoffLimit"] = 1000;
            spec["parallelism"] = 2;
            spec["completionMode"] = name.Contains("indexed", StringComparison.Ordinal) ? "Indexed" : "NonIndexed";
            spec["template"]!["spec"]!["restartPolicy"] = "Never";
        }
        else
        {
            spec["selector"] = kind == "ReplicationController" ? labels : new JsonObject { ["matchLabels"] = labels };
        }

        if (HasReplicas)
        {
            spec["replicas"] = Replicas;
        }

        if (kind == "Deployment" && IsPaused)
        {
            spec["paused"] = true;
        }

        if (kind == "StatefulSet")
        {
            spec["serviceName"] = name;
            spec["podManagementPolicy"] = name.Contains("parallel", StringComparison.Ordinal) ? "Parallel" : "OrderedReady";
        }

        return new JsonObject
        {
            ["apiVersion"] = group,
            ["kind"] = kind,
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = spec,
        };
    }

    public JsonObject Template() => new()
    {
        ["spec"] = new JsonObject
        {
            ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray(Container()) } },
        },
    };

    /// <summary>Why the object and its pods are not yet as they should be; null when they are.</summary>
    public string? Complaint(JsonObject? found, IReadOnlyList<JsonObject> pods, int nodes)
    {
        if (found is null || found.Has("metadata", "deletionTimestamp"))
        {
            return $"{name} is not there";
        }

        if (kind == "Job")
        {
            return JobComplaint(found, pods);
        }

        int wanted = kind == "DaemonSet" ? nodes : Replicas;
        string[] counts = kind switch
        {
            "Deployment" => ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"],
            "DaemonSet" => ["desiredNumberScheduled", "currentNumberScheduled", "numberReady", "numberAvailable", "updatedNumberScheduled"],
            "StatefulSet" => ["replicas", "readyReplicas", "availableReplicas", "updatedReplicas", "currentReplicas"],
            _ => ["replicas", "readyReplicas", "availableReplicas", "fullyLabeledReplicas"],
        };
        string? wrong = counts.FirstOrDefault(count => (found.Integer("status", count) ?? 0) != wanted);
        if (wrong is not null || found.Integer("status", "observedGeneration") != found.Integer("metadata", "generation"))
        {
            return $"{name}: {wrong ?? "observedGeneration"} is not {wanted}: {found["status"]?.ToJsonString()}";
        }

        if (pods.Count != wanted || pods.Any(pod => pod.Text("status", "phase") != "Running" || pod.Has("metadata", "deletionTimestamp")))
        {
            return $"{name} has {pods.Count} pods, not {wanted} that run";
        }

        if (CanRoll && pods.Any(pod => pod.Objects("spec", "containers").First().Text("image") != ImageName))
        {
            return $"{name} has pods of another image than {ImageName}";
        }

        IEnumerable<string> names = pods.Select(pod => pod.TextOrEmpty("metadata", "name")).Order(StringComparer.Ordinal);
        return kind == "StatefulSet" && !names.SequenceEqual(Enumerable.Range(0, wanted).Select(i => $"{name}-{i}").Order(StringComparer.Ordinal))
            ? $"{name} has pods with other names: {string.Join(' ', names)}"
            : null;
    }

    private string? JobComplaint(JsonObject found, IReadOnlyList<JsonObject> pods)
    {
        bool isComplete = found.Objects("status", "conditions")
            .Any(condition => condition.Text("type") == "Complete" && condition.Text("status") == "True");
        if (!isComplete)
        {
            return $"{name} is not complete: {found["status"]?.ToJsonString()}";
        }

        if (found.Integer("status", "succeeded") != 3 || found.Has("status", "active"))
        {
            return $"{name} did not count 3: {found["status"]?.ToJsonString()}";
        }

        return pods.Any(pod => pod.Texts("metadata", "finalizers").Any()) ? $"{name} still holds its pods" : null;
    }

    private JsonObject Container() => new() { ["name"] = "main", ["image"] = ImageName };
}
