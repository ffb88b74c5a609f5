using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>A pod that waits at its scheduling gates may lose gates, and be steered further than before (ValidatePodUpdate).</summary>
internal static class GatedPodRules
{
    private const string Gates = "spec.schedulingGates";
    private const string Terms = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

    public static void OnlyRemovedGates(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        string[] known = [.. before.Objects("schedulingGates").Select(gate => gate.TextOrEmpty("name"))];
        int index = 0;
        foreach (JsonObject gate in spec.Objects("schedulingGates"))
        {
            string name = gate.TextOrEmpty("name");
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                errors.Forbidden($"{Gates}[{index}].name", $"only deletion is allowed, but found new scheduling gate '{name}'");
            }

            index++;
        }
    }

    /// <summary>Judges changes of node selector and node affinity, and puts them back in <paramref name="spec"/>.</summary>
    public static void Steering(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        JsonObject? labels = before.Object("nodeSelector");
        if (labels is not null && labels.Any(label => spec.Text("nodeSelector", label.Key) != label.Value.Text()))
        {
            errors.Invalid("spec.nodeSelector", spec["nodeSelector"], "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        }

        spec.SetCopy("nodeSelector", labels);
        JsonNode? node = before.At("affinity", "nodeAffinity");
        NodeAffinity(spec.At("affinity", "nodeAffinity"), node, errors);
        if (spec.Object("affinity") is not { } affinity)
        {
            spec.SetCopy("affinity", node is null ? before["affinity"] : new JsonObject { ["nodeAffinity"] = node.DeepClone() });
        }
        else if (before["affinity"] is null && affinity.Count == 1 && affinity.ContainsKey("nodeAffinity"))
        {
            spec.Remove("affinity");
        }
        else
        {
            affinity.SetCopy("nodeAffinity", node);
        }
    }

    private static void NodeAffinity(JsonNode? now, JsonNode? before, FieldErrors errors)
    {
        if (before.Object("requiredDuringSchedulingIgnoredDuringExecution") is not { } old)
        {
            return;
        }

        JsonObject[] oldTerms = [.. old.Objects("nodeSelectorTerms")];
        JsonObject[] terms = [.. now.Objects("requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")];
        if (oldTerms.Length > 0 && terms.Length != oldTerms.Length)
        {
            errors.Invalid(
                Terms,
                now.At("requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"),
                "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
            return;
        }

        for (int index = 0; index < oldTerms.Length; index++)
        {
            if (!OnlyAdds(terms[index], oldTerms[index]))
            {
                errors.Invalid($"{Terms}[{index}]", terms[index], "only additions are allowed (no mutations or deletions)");
            }
        }
    }

    // An empty term selects nothing; adding to it would make it select something.
    private static bool OnlyAdds(JsonObject term, JsonObject old)
    {
        if (!old.Objects("matchExpressions").Any() && !old.Objects("matchFields").Any())
        {
            return !term.Objects("matchExpressions").Any() && !term.Objects("matchFields").Any();
        }

        return StartsWith(term, old, "matchExpressions") && StartsWith(term, old, "matchFields");
    }

    private static bool StartsWith(JsonObject term, JsonObject old, string list)
    {
        JsonObject[] now = [.. term.Objects(list)];
        JsonObject[] before = [.. old.Objects(list)];
        return now.Length >= before.Length && before.Zip(now).All(pair => pair.First.SameAs(pair.Second));
    }
}
