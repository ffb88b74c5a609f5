using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Disruption budgets, limit ranges and priority classes.</summary>
internal static class PolicyRules
{
    private const long LargestUserPriority = 1_000_000_000;

    public static void PodDisruptionBudget(JsonObject budget, FieldErrors errors)
    {
        JsonObject spec = budget.Object("spec") ?? [];
        if (spec.Has("minAvailable") && spec.Has("maxUnavailable"))
        {
            errors.Invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
        }

        errors.IntOrPercent(spec, "minAvailable", "spec", atMostAll: true);
        errors.IntOrPercent(spec, "maxUnavailable", "spec", atMostAll: true);
        SelectorRules.Validate(spec["selector"], "spec.selector", errors);
        errors.OneOf(spec, "unhealthyPodEvictionPolicy", "spec", isRequired: false, "AlwaysAllow", "IfHealthyBudget");
    }

    public static void LimitRange(JsonObject range, FieldErrors errors)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject limit, FieldPath field) in Checks.Items(range.Object("spec"), "limits", "spec"))
        {
            string type = limit.TextOrEmpty("type");
            errors.Format(type, $"{field}.type", Formats.QualifiedName);
            if (!types.Add(type))
            {
                errors.Duplicate($"{field}.type", type);
            }

            LimitItem(limit, type, field, errors);
        }
    }

    public static void PriorityClass(JsonObject priorityClass, FieldErrors errors)
    {
        string name = priorityClass.TextOrEmpty("metadata", "name");
        bool isSystem = name is "system-cluster-critical" or "system-node-critical";
        if (!isSystem && name.StartsWith("system-", StringComparison.Ordinal))
        {
            errors.Forbidden("metadata.name", $"priority class names with 'system-' prefix are reserved for system use only. error: {name} is not a known system priority class");
        }

        if (!isSystem && priorityClass.Integer("value") is > LargestUserPriority)
        {
            errors.Forbidden("value", "maximum allowed value of a user defined priority is 1000000000");
        }

        errors.OneOf(priorityClass, "preemptionPolicy", "", isRequired: false, "Never", "PreemptLowerPriority");
    }

    public static void PriorityClassChange(JsonObject priorityClass, JsonObject old, FieldErrors errors)
    {
        if (priorityClass.Integer("value") != old.Integer("value"))
        {
            errors.Forbidden("value", "may not be changed in an update.");
        }

        errors.Unchanged(priorityClass["preemptionPolicy"], old["preemptionPolicy"], "preemptionPolicy");
    }

    private static void LimitItem(JsonObject limit, string type, FieldPath path, FieldErrors errors)
    {
        if (type == "Pod")
        {
            foreach (string name in (ReadOnlySpan<string>)["default", "defaultRequest"])
            {
                if (limit.Object(name) is { Count: > 0 })
                {
                    errors.Forbidden($"{path}.{name}", "may not be specified when `type` is 'Pod'");
                }
            }
        }

        if (type == "PersistentVolumeClaim" && !limit.Has("min", "storage") && !limit.Has("max", "storage"))
        {
            errors.Required($"{path}.limits", "either minimum or maximum storage value is required, but neither was provided");
        }

        Ordered(limit, ("min", "min"), ("max", "max"), path, errors);
        Ordered(limit, ("min", "min"), ("defaultRequest", "default request"), path, errors);
        Ordered(limit, ("defaultRequest", "default request"), ("max", "max"), path, errors);
        Ordered(limit, ("defaultRequest", "default request"), ("default", "default limit"), path, errors);
        Ordered(limit, ("min", "min"), ("default", "default"), path, errors);
        Ordered(limit, ("default", "default"), ("max", "max"), path, errors);
        foreach ((string resource, JsonNode? ratio) in limit.Object("maxLimitRequestRatio") ?? [])
        {
            if (ResourceRules.Read(ratio) is { } value && value < Quantity.FromValue(1))
            {
                errors.Invalid($"{path}.maxLimitRequestRatio[{resource}]", value.ToString(), $"ratio {value} is less than 1");
            }
        }
    }

    private static void Ordered(
        JsonObject limit, (string Field, string Word) small, (string Field, string Word) large, FieldPath path, FieldErrors errors)
    {
        foreach ((string resource, JsonNode? node) in limit.Object(small.Field) ?? [])
        {
            if (ResourceRules.Read(node) is { } low && ResourceRules.Read(limit.At(large.Field, resource)) is { } high && low > high)
            {
                string field = small.Field == "min" && large.Field != "max" ? large.Field : small.Field;
                Quantity shown = field == small.Field ? low : high;
                errors.Invalid(
                    $"{path}.{field}[{resource}]",
                    shown.ToString(),
                    $"{small.Word} value {low} is greater than {large.Word} value {high}");
            }
        }
    }
}
