using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Where a pod may run: node affinity, pod affinity, topology spread.</summary>
internal static class AffinityRules
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public static void Validate(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        JsonObject? affinity = spec.Object("affinity");
        NodeAffinity(affinity.Object("nodeAffinity"), $"{path}.affinity.nodeAffinity", errors);
        PodAffinity(affinity.Object("podAffinity"), $"{path}.affinity.podAffinity", errors);
        PodAffinity(affinity.Object("podAntiAffinity"), $"{path}.affinity.podAntiAffinity", errors);
        TopologySpread(spec, path, errors);
    }

    /// <summary>A NodeSelector: at least one term.</summary>
    public static void NodeSelector(JsonObject? selector, FieldPath path, FieldErrors errors)
    {
        if (selector is null)
        {
            return;
        }

        if (selector.Array("nodeSelectorTerms") is not { Count: > 0 })
        {
            errors.Required($"{path}.nodeSelectorTerms", "must have at least one node selector term");
        }

        foreach ((JsonObject term, FieldPath field) in Checks.Items(selector, "nodeSelectorTerms", path))
        {
            Term(term, field, errors);
        }
    }

    private static void NodeAffinity(JsonObject? affinity, FieldPath path, FieldErrors errors)
    {
        NodeSelector(affinity.Object(Required), $"{path}.{Required}", errors);
        foreach ((JsonObject preferred, FieldPath field) in Checks.Items(affinity, Preferred, path))
        {
            Weight(preferred, field, errors);
            Term(preferred.Object("preference") ?? [], $"{field}.preference", errors);
        }
    }

    private static void Term(JsonObject term, FieldPath path, FieldErrors errors)
    {
        foreach ((JsonObject requirement, FieldPath field) in Checks.Items(term, "matchExpressions", path))
        {
            Requirement(requirement, field, errors);
            errors.Format(requirement.TextOrEmpty("key"), $"{field}.key", Formats.QualifiedName);
        }

        foreach ((JsonObject requirement, FieldPath field) in Checks.Items(term, "matchFields", path))
        {
            if (requirement.Text("key") != "metadata.name")
            {
                errors.Invalid($"{field}.key", requirement.TextOrEmpty("key"), "not a valid field selector key");
            }
        }
    }

    private static void Requirement(JsonObject requirement, FieldPath path, FieldErrors errors)
    {
        int count = requirement.Array("values")?.Count ?? 0;
        switch (requirement.TextOrEmpty("operator"))
        {
            case "In" or "NotIn" when count == 0:
                errors.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist" when count > 0:
                errors.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "Gt" or "Lt" when count != 1:
                errors.Required($"{path}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist" or "Gt" or "Lt":
                break;
            default:
                errors.Invalid($"{path}.operator", requirement.TextOrEmpty("operator"), "not a valid selector operator");
                break;
        }
    }

    private static void PodAffinity(JsonObject? affinity, FieldPath path, FieldErrors errors)
    {
        foreach ((JsonObject term, FieldPath field) in Checks.Items(affinity, Required, path))
        {
            PodTerm(term, field, errors);
        }

        foreach ((JsonObject preferred, FieldPath field) in Checks.Items(affinity, Preferred, path))
        {
            Weight(preferred, field, errors);
            PodTerm(preferred.Object("podAffinityTerm") ?? [], $"{field}.podAffinityTerm", errors);
        }
    }

    private static void PodTerm(JsonObject term, FieldPath path, FieldErrors errors)
    {
        SelectorRules.Validate(term["labelSelector"], $"{path}.labelSelector", errors);
        SelectorRules.Validate(term["namespaceSelector"], $"{path}.namespaceSelector", errors);
        if (term.TextOrEmpty("topologyKey") is { Length: > 0 } key)
        {
            errors.Format(key, $"{path}.topologyKey", Formats.QualifiedName);
        }
        else
        {
            errors.Required($"{path}.topologyKey", "can not be empty");
        }
    }

    private static void Weight(JsonObject preferred, FieldPath path, FieldErrors errors)
    {
        long weight = preferred.Integer("weight") ?? 0;
        if (weight is < 1 or > 100)
        {
            errors.Invalid($"{path}.weight", weight, "must be in the range 1-100");
        }
    }

    private static void TopologySpread(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        foreach ((JsonObject constraint, FieldPath field) in Checks.Items(spec, "topologySpreadConstraints", path))
        {
            long skew = constraint.Integer("maxSkew") ?? 0;
            if (skew <= 0)
            {
                errors.Invalid($"{field}.maxSkew", skew, "must be greater than zero");
            }

            if (constraint.TextOrEmpty("topologyKey").Length == 0)
            {
                errors.Required($"{field}.topologyKey", "can not be empty");
            }

            string action = constraint.TextOrEmpty("whenUnsatisfiable");
            if (action is not ("DoNotSchedule" or "ScheduleAnyway"))
            {
                errors.NotSupported($"{field}.whenUnsatisfiable", action, ["DoNotSchedule", "ScheduleAnyway"]);
            }

            SelectorRules.Validate(constraint["labelSelector"], $"{field}.labelSelector", errors);
        }
    }
}
