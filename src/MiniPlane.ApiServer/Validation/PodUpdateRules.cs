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

            foreach ((JsonObject container, FieldPath field) in Checks.Items(spec, list, "spec"))
            {
                errors.RequiredText(container, "image", field);
            }
        }

        if (!Deadline(spec, before, errors))
        {
            return;
        }

        Tolerations(spec, before, errors);
        GatedPodRules.OnlyRemovedGates(spec, before, errors);
        if (!spec.SameAs(before) && Differences(Munge(spec, before, errors), before) is { Count: > 0 } differences)
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

    // False when nothing else is looked at, as upstream does.
    private static bool Deadline(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        const string Field = "spec.activeDeadlineSeconds";
        long? old = before.Integer("activeDeadlineSeconds");
        if (spec.Integer("activeDeadlineSeconds") is not { } now)
        {
            if (old is not null)
            {
                errors.Invalid(Field, null, "must not update from a positive integer to nil value");
            }

            return true;
        }

        if (now is < 0 or > int.MaxValue)
        {
            errors.Invalid(Field, now, $"must be between 0 and {int.MaxValue}, inclusive");
            return false;
        }

        if (now > old)
        {
            errors.Invalid(Field, now, "must be less than or equal to previous value");
            return false;
        }

        return true;
    }

    private static void Tolerations(JsonObject spec, JsonObject before, FieldErrors errors)
    {
        if (!spec["tolerations"].SameAs(before["tolerations"]) && LosesOne(spec, before))
        {
            errors.Forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
            return;
        }

        PodRules.Tolerations(spec, "spec", errors);
    }

    private static bool LosesOne(JsonObject spec, JsonObject before)
    {
        JsonObject[] now = [.. spec.Objects("tolerations").Select(WithoutSeconds)];
        return before.Objects("tolerations").Select(WithoutSeconds).Any(old => !now.Any(toleration => toleration.SameAs(old)));
    }

    private static JsonObject WithoutSeconds(JsonObject toleration)
    {
        var copy = (JsonObject)toleration.DeepClone();
        copy.Remove("tolerationSeconds");
        return copy;
    }

    /// <summary>The new spec with everything that may change put back.</summary>
    private static JsonObject Munge(JsonObject spec, JsonObject before, FieldErrors errors)
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
        munged.SetCopy("schedulingGates", before["schedulingGates"]);
        if (before.Array("schedulingGates") is { Count: > 0 })
        {
            GatedPodRules.Steering(munged, before, errors);
        }

        if (before.Integer("terminationGracePeriodSeconds") is < 0 && munged.Integer("terminationGracePeriodSeconds") == 1)
        {
            munged.SetCopy("terminationGracePeriodSeconds", before["terminationGracePeriodSeconds"]);
        }

        return munged;
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
