using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of the small kinds of the core and scheduling groups.</summary>
internal static class CoreDefaults
{
    public static void Secret(JsonObject secret) => secret.DefaultText("type", "Opaque");

    /// <summary>Every namespace carries its own name as a label, so that selectors can pick it.</summary>
    public static void Namespace(JsonObject ns)
    {
        JsonObject metadata = ns.Ensure("metadata");
        if (metadata.TextOrEmpty("name") is { Length: > 0 } name)
        {
            metadata.Ensure("labels")["kubernetes.io/metadata.name"] = name;
        }

        ns.Ensure("spec");
        ns.Ensure("status");
    }

    public static void Node(JsonObject node)
    {
        node.Ensure("spec");
        JsonObject status = node.Ensure("status");
        if (status.Object("capacity") is { Count: > 0 } capacity)
        {
            status.Default("allocatable", capacity.DeepClone());
        }
    }

    /// <summary>max → default → defaultRequest ← min, for containers only.</summary>
    public static void LimitRange(JsonObject range)
    {
        foreach (JsonObject item in range.Ensure("spec").Objects("limits"))
        {
            if (item.Text("type") == "Container")
            {
                Fill(item, "default", item.Object("max"));
                Fill(item, "defaultRequest", item.Object("default"));
                Fill(item, "defaultRequest", item.Object("min"));
            }
        }
    }

    /// <summary>Times and reporter are written even when they are not set.</summary>
    public static void Event(JsonObject entry)
    {
        foreach (string time in (ReadOnlySpan<string>)["eventTime", "firstTimestamp", "lastTimestamp"])
        {
            entry.TryAdd(time, null);
        }

        entry.Default("source", new JsonObject());
        entry.Default("involvedObject", new JsonObject());
        entry.Default("reportingComponent", "");
        entry.Default("reportingInstance", "");
    }

    public static void PriorityClass(JsonObject priorityClass)
    {
        priorityClass.Default("preemptionPolicy", "PreemptLowerPriority");
        priorityClass.Default("value", 0);
    }

    private static void Fill(JsonObject item, string name, JsonObject? from)
    {
        foreach ((string resource, JsonNode? quantity) in from ?? [])
        {
            JsonObject target = item.Ensure(name);
            if (!target.ContainsKey(resource))
            {
                target[resource] = quantity?.DeepClone();
            }
        }
    }
}
