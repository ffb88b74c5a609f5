using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Namespaces, nodes, leases, runtime classes and other small kinds.</summary>
internal static class CoreRules
{
    private static readonly string[] TaintEffects = ["NoExecute", "NoSchedule", "PreferNoSchedule"];

    public static void Namespace(JsonObject ns, FieldErrors errors)
    {
        int index = 0;
        foreach (string finalizer in ns.Texts("spec", "finalizers"))
        {
            errors.Format(finalizer, $"spec.finalizers[{index++}]", Formats.QualifiedName);
        }
    }

    public static void Node(JsonObject node, FieldErrors errors)
    {
        AddressRules.PodRanges(node, errors);
        var seen = new HashSet<(string, string)>();
        foreach ((JsonObject taint, FieldPath field) in Checks.Items(node.Object("spec"), "taints", "spec"))
        {
            string key = taint.TextOrEmpty("key");
            string effect = taint.TextOrEmpty("effect");
            errors.Format(key, $"{field}.key", Formats.QualifiedName);
            errors.Format(taint.TextOrEmpty("value"), $"{field}.value", Formats.LabelValue);
            if (effect.Length == 0)
            {
                errors.Required($"{field}.effect");
            }
            else if (!TaintEffects.Contains(effect, StringComparer.Ordinal))
            {
                errors.NotSupported($"{field}.effect", effect, TaintEffects);
            }

            if (!seen.Add((key, effect)))
            {
                errors.Add(
                    "FieldValueDuplicate", $"Duplicate value: {taint.Compacted()}: taints must be unique by key and effect pair", field);
            }
        }
    }

    public static void NodeChange(JsonObject node, JsonObject old, FieldErrors errors)
    {
        string[] ranges = Ranges(old);
        if (ranges.Length > 0 && !ranges.SequenceEqual(Ranges(node), StringComparer.Ordinal))
        {
            errors.Forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
        }

        string before = old.TextOrEmpty("spec", "providerID");
        if (before.Length > 0 && node.TextOrEmpty("spec", "providerID") != before)
        {
            errors.Forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid");
        }
    }

    public static void Lease(JsonObject lease, FieldErrors errors)
    {
        JsonObject? spec = lease.Object("spec");
        if (spec.Integer("leaseDurationSeconds") is <= 0 and long seconds)
        {
            errors.Invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
        }

        errors.NonNegative(spec, "leaseTransitions", "spec");
    }

    public static void RuntimeClass(JsonObject runtimeClass, FieldErrors errors)
    {
        string handler = runtimeClass.TextOrEmpty("handler");
        errors.Format(handler, "handler", Formats.DnsLabel);

        // Upstream judges the overhead as the limits of a container, and says so in the path.
        foreach ((string name, JsonNode? value) in runtimeClass.Object("overhead", "podFixed") ?? [])
        {
            ResourceRules.Value(name, value, $"overhead.limits[{name}]", errors);
        }

        MetadataValidation.Labels(runtimeClass.At("scheduling", "nodeSelector"), "scheduling.nodeSelector", errors);
    }

    public static void RuntimeClassChange(JsonObject runtimeClass, JsonObject old, FieldErrors errors) =>
        errors.Unchanged(runtimeClass["handler"], old["handler"], "handler");

    public static void ControllerRevision(JsonObject revision, FieldErrors errors)
    {
        if (!revision.Has("data"))
        {
            errors.Required("data", "data is mandatory");
        }

        if (revision.Integer("revision") is < 0 and long number)
        {
            errors.Invalid("revision", number, "must be greater than or equal to 0");
        }
    }

    public static void ControllerRevisionChange(JsonObject revision, JsonObject old, FieldErrors errors) =>
        errors.Unchanged(revision["data"], old["data"], "data");

    public static void PodTemplate(JsonObject template, FieldErrors errors) =>
        PodRules.Template(template.Object("template"), "template", errors);

    // A node that names only the first range has that one.
    private static string[] Ranges(JsonObject node) => node.Array("spec", "podCIDRs") is { Count: > 0 }
        ? [.. node.Texts("spec", "podCIDRs")]
        : node.TextOrEmpty("spec", "podCIDR") is { Length: > 0 } first ? [first] : [];
}
