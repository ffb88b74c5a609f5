using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>What may change in a pod that exists (pkg/apis/core/validation.ValidatePodUpdate).</summary>
internal static class PodUpdateRules
{
    private const string Allowed =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
        + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    public static void Update(JsonObject pod, JsonObject old, FieldErrors errors)
    {
        JsonObject spec = pod.Object("spec") ?? [];
        JsonObject before = old.Object("spec") ?? [];
        foreach (string list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            if ((spec.Array(list)?.Count ?? 0) != (before.Array(list)?.Count ?? 0))
            {
                errors.Forbidden($"spec.{list}", "pod updates may not add or remove containers");
                return;
            }

            foreach ((JsonObject container, string field) in Checks.Items(spec, list, "spec"))
            {
                errors.RequiredText(container, "image", field);
            }
        }

        Deadline(spec, before, errors);
        Tolerations(spec, before, errors);
        if (Differences(Munge(spec, before), before) is { Count: > 0 } differences)
        {
            errors.Forbidden("spec", $"{Allowed}\nchanged: {string.Join(", ", differences.Select(name => $"spec.{name}"))}");
        }
    }

    /// <summary><c>/ephemeralcontainers</c> adds and never takes away; <c>/resize</c> and <c>/status</c> have their own limits.</summary>
    public static void Subresource(string subresource, JsonObject pod, JsonObject old, FieldErrors errors)
    {
        if (subresource == "ephemeralcontainers")
        {
            foreach (JsonObject container in old.Objects("spec", "ephemeralContainers"))
            {
                string name = container.TextOrEmpty("name");
                JsonObject? now = pod.Objects("spec", "ephemeralContainers").FirstOrDefault(other => other.Text("name") == name);
                if (now is null)
                {
                    errors.Forbidden("spec.ephemeralContainers", $"existing ephemeral containers \"{name}\" may not be removed\n");
                }
                else if (!now.SameAs(container))
                {
                    errors.Forbidden("spec.ephemeralContainers", $"existing ephemeral containers \"{name}\" may not be changed\n");
                }
            }

            PodRules.Pod(pod, errors);
        }
        else if (subresource == "resize")
        {
            PodResizeRules.Validate(pod, old, errors);
        }
        else if (subresource == "status")
        {
            Status(pod, old, errors);
        }
    }

    private static void Status(JsonObject pod, JsonObject old, FieldErrors errors)
    {
        if (pod.TextOrEmpty("spec", "nodeName") != old.TextOrEmpty("spec", "nodeName"))
        {
            errors.Forbidden("status.nodeName", "may not be changed directly");
        }

        string nominated = pod.TextOrEmpty("status", "nominatedNodeName");
        if (nominated.Length > 0)
        {
            errors.Format(nominated, "status.nominatedNodeName", Formats.DnsSubdomain);
        }
    }

    private static void Deadline(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        if (before.Integer("activeDeadlineSeconds") is not { } old)
        {
            if (spec.Integer("activeDeadlineSeconds") is <= 0 and long first)
            {
                errors.Invalid("spec.activeDeadlineSeconds", first, "must be between 1 and 4294967295, inclusive");
            }

            return;
        }

        if (spec.Integer("activeDeadlineSeconds") is not { } now)
        {
            errors.Invalid("spec.activeDeadlineSeconds", null, "must not update from a positive integer to nil value");
        }
        else if (now > old)
        {
            errors.Invalid("spec.activeDeadlineSeconds", now, "must be less than or equal to previous value");
        }
    }

    private static void Tolerations(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        JsonObject[] now = [.. spec.Objects("tolerations").Select(WithoutSeconds)];
        foreach (JsonObject old in before.Objects("tolerations").Select(WithoutSeconds))
        {
            if (!now.Any(toleration => toleration.SameAs(old)))
            {
                errors.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static JsonObject WithoutSeconds(JsonObject toleration)
    {
        var copy = (JsonObject)toleration.DeepClone();
        copy.Remove("tolerationSeconds");
        return copy;
    }

    /// <summary>The new spec with everything that may change put back.</summary>
    private static JsonObject Munge(JsonObject spec, JsonObject before)
    {
        var munged = (JsonObject)spec.DeepClone();
        foreach (string list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            JsonObject[] olds = [.. before.Objects(list)];
            int index = 0;
            foreach (JsonObject container in munged.Objects(list))
            {
                container.SetCopy("image", olds[index++]["image"]);
            }
        }

        munged.SetCopy("activeDeadlineSeconds", before["activeDeadlineSeconds"]);
        munged.SetCopy("tolerations", before["tolerations"]);
        if (before.Array("schedulingGates") is { Count: > 0 })
        {
            Gated(munged, before);
        }

        if (before.Integer("terminationGracePeriodSeconds") is < 0 && munged.Integer("terminationGracePeriodSeconds") == 1)
        {
            munged.SetCopy("terminationGracePeriodSeconds", before["terminationGracePeriodSeconds"]);
        }

        return munged;
    }

    // A pod that waits at its gates may lose gates and be steered further.
    private static void Gated(JsonObject munged, JsonObject before)
    {
        string[] known = [.. before.Objects("schedulingGates").Select(gate => gate.TextOrEmpty("name"))];
        if (munged.Objects("schedulingGates").All(gate => known.Contains(gate.TextOrEmpty("name"), StringComparer.Ordinal)))
        {
            munged.SetCopy("schedulingGates", before["schedulingGates"]);
        }

        if (before.Object("nodeSelector") is not { } old
            || old.All(label => munged.Text("nodeSelector", label.Key) == label.Value.Text()))
        {
            munged.SetCopy("nodeSelector", before["nodeSelector"]);
        }

        if (before.Object("affinity", "nodeAffinity") is null)
        {
            munged.SetCopy("affinity", before["affinity"]);
        }
    }

    private static List<string> Differences(JsonObject left, JsonObject right)
    {
        var names = new List<string>();
        foreach (string name in left.Select(field => field.Key).Union(right.Select(field => field.Key), StringComparer.Ordinal))
        {
            if (!left[name].SameAs(right[name]))
            {
                names.Add(name);
            }
        }

        return names;
    }
}
