using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Horizontal pod autoscalers (pkg/apis/autoscaling/validation).</summary>
internal static class AutoscalerRules
{
    private const long LongestWindow = 3600;
    private const long LongestPeriod = 1800;
    private const string EitherForPods = "must set either a target value for metric or a per-pod target";
    private const string EitherForResource = "must set either a target raw value or a target utilization";

    // In the order in which upstream looks at them.
    private static readonly (string Type, string Field)[] Sources =
    [
        ("Object", "object"), ("External", "external"), ("Pods", "pods"), ("Resource", "resource"), ("ContainerResource", "containerResource"),
    ];

    public static void HorizontalPodAutoscaler(JsonObject autoscaler, FieldErrors errors)
    {
        JsonObject spec = autoscaler.Object("spec") ?? [];
        long least = spec.Integer("minReplicas") ?? 1;
        long most = spec.Integer("maxReplicas") ?? 0;
        bool scalesToZero = spec.Objects("metrics").Any(metric => metric.Text("type") is "Object" or "External");
        if (least < (scalesToZero ? 0 : 1))
        {
            errors.Invalid("spec.minReplicas", least, $"must be greater than or equal to {(scalesToZero ? 0 : 1)}");
        }

        if (most < 1)
        {
            errors.Invalid("spec.maxReplicas", most, "must be greater than 0");
        }

        if (most < least)
        {
            errors.Invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`");
        }

        Reference(spec.Object("scaleTargetRef"), "spec.scaleTargetRef", errors);
        foreach ((JsonObject metric, FieldPath field) in Checks.Items(spec, "metrics", "spec"))
        {
            Metric(metric, field, errors);
        }

        foreach (string direction in (ReadOnlySpan<string>)["scaleUp", "scaleDown"])
        {
            if (spec.Object("behavior", direction) is { } rules)
            {
                Scaling(rules, $"spec.behavior.{direction}", errors);
            }
        }
    }

    private static void Reference(JsonObject? reference, FieldPath path, FieldErrors errors)
    {
        errors.RequiredText(reference, "kind", path, Formats.PathSegment);
        errors.RequiredText(reference, "name", path, Formats.PathSegment);
    }

    private static void Metric(JsonObject metric, FieldPath path, FieldErrors errors)
    {
        string type = metric.TextOrEmpty("type");
        if (type.Length == 0)
        {
            errors.Required($"{path}.type", "must specify a metric source type");
        }

        string[] present = [.. Sources.Select(source => source.Field).Where(field => metric.Has(field))];
        if (present.Length > 0)
        {
            Source(metric.Object(present[0]) ?? [], present[0], $"{path}.{present[0]}", errors);
        }

        string expected = Sources.FirstOrDefault(source => source.Type == type).Field ?? "";
        if (expected.Length == 0)
        {
            errors.NotSupported($"{path}.type", type, [.. Sources.Select(source => source.Type).Order(StringComparer.Ordinal)]);
        }
        else if (!metric.Has(expected))
        {
            errors.Required($"{path}.{expected}", "must populate information for the given metric source");
        }

        if (present.Length > 1 || (present.Length == 1 && present[0] != expected && expected.Length == 0))
        {
            foreach (string other in present.Where(field => field != expected))
            {
                errors.Forbidden($"{path}.{other}", "must populate the given metric source only");
            }
        }
    }

    private static void Source(JsonObject source, string name, FieldPath path, FieldErrors errors)
    {
        JsonObject target = source.Object("target") ?? [];
        FieldPath at = $"{path}.target";
        if (name is "resource" or "containerResource")
        {
            RequiredName(source, "name", path, "must specify a resource name", errors);
            if (name == "containerResource")
            {
                RequiredName(source, "container", path, "must specify a container", errors);
            }

            Target(target, at, errors);
            if (target.Has("averageUtilization") == target.Has("averageValue"))
            {
                Either(target, $"{at}.averageUtilization", EitherForResource, $"{at}.averageValue", errors);
            }

            return;
        }

        if (name == "object")
        {
            Reference(source.Object("describedObject"), $"{path}.describedObject", errors);
        }

        JsonObject? metric = source.Object("metric");
        if (RequiredName(metric, "name", $"{path}.metric", "must specify a metric name", errors))
        {
            errors.Format(metric.TextOrEmpty("name"), $"{path}.metric.name", Formats.PathSegment);
        }

        Target(target, at, errors);
        if (name == "pods")
        {
            if (!IsPositive(target["averageValue"]))
            {
                errors.Required($"{at}.averageValue", "must specify a positive target averageValue");
            }
        }
        else if (!target.Has("value") && !target.Has("averageValue"))
        {
            errors.Required($"{at}.averageValue", EitherForPods);
        }
        else if (name == "external" && target.Has("value") && target.Has("averageValue"))
        {
            errors.Forbidden($"{at}.value", "may not set both a target value for metric and a per-pod target");
        }
    }

    // Both or none of the two are there.
    private static void Either(JsonObject target, string missing, string text, string surplus, FieldErrors errors)
    {
        if (target.Has("averageValue"))
        {
            errors.Forbidden(surplus, "may not set both a target raw value and a target utilization");
        }
        else
        {
            errors.Required(missing, text);
        }
    }

    private static void Target(JsonObject target, FieldPath path, FieldErrors errors)
    {
        string type = target.TextOrEmpty("type");
        if (type.Length == 0)
        {
            errors.Required($"{path}.type", "must specify a metric target type");
        }

        if (type is not ("Utilization" or "Value" or "AverageValue"))
        {
            errors.Invalid($"{path}.type", type, "must be either Utilization, Value, or AverageValue");
        }

        foreach (string name in (ReadOnlySpan<string>)["value", "averageValue"])
        {
            if (target.Has(name) && !IsPositive(target[name]))
            {
                errors.Invalid($"{path}.{name}", target[name], "must be positive");
            }
        }

        if (target.Integer("averageUtilization") is < 1 and long utilization)
        {
            errors.Invalid($"{path}.averageUtilization", utilization, "must be greater than 0");
        }
    }

    private static void Scaling(JsonObject rules, FieldPath path, FieldErrors errors)
    {
        if (rules.Integer("stabilizationWindowSeconds") is { } window)
        {
            if (window < 0)
            {
                errors.Invalid($"{path}.stabilizationWindowSeconds", window, "must be greater than or equal to zero");
            }

            if (window > LongestWindow)
            {
                errors.Invalid($"{path}.stabilizationWindowSeconds", window, $"must be less than or equal to {LongestWindow}");
            }
        }

        errors.OneOf(rules, "selectPolicy", path, isRequired: false, "Disabled", "Max", "Min");
        if (rules.Array("policies") is not { Count: > 0 })
        {
            errors.Required($"{path}.policies", "must specify at least one Policy");
        }

        foreach ((JsonObject policy, FieldPath field) in Checks.Items(rules, "policies", path))
        {
            string type = policy.TextOrEmpty("type");
            if (type is not ("Pods" or "Percent"))
            {
                errors.NotSupported($"{field}.type", type, ["Percent", "Pods"]);
            }

            Positive(policy, "value", field, errors);
            Positive(policy, "periodSeconds", field, errors);
            if (policy.Integer("periodSeconds") is > LongestPeriod and long period)
            {
                errors.Invalid($"{field}.periodSeconds", period, $"must be less than or equal to {LongestPeriod}");
            }
        }
    }

    private static void Positive(JsonObject policy, string name, FieldPath path, FieldErrors errors)
    {
        if ((policy.Integer(name) ?? 0) <= 0)
        {
            errors.Invalid($"{path}.{name}", policy.Integer(name) ?? 0, "must be greater than zero");
        }
    }

    private static bool RequiredName(JsonObject? holder, string name, FieldPath path, string text, FieldErrors errors)
    {
        bool isThere = holder.TextOrEmpty(name).Length > 0;
        if (!isThere)
        {
            errors.Required($"{path}.{name}", text);
        }

        return isThere;
    }

    private static bool IsPositive(JsonNode? node) => ResourceRules.Read(node) is { } value && value > Quantity.FromValue(0);
}
