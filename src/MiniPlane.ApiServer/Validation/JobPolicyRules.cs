using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>When a job counts as failed or done (pkg/apis/batch/validation).</summary>
internal static class JobPolicyRules
{
    private const int MostRules = 20;
    private const int MostCodes = 255;

    public static void Failure(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        if (spec.Object("podFailurePolicy") is not { } policy)
        {
            return;
        }

        if (spec.Text("template", "spec", "restartPolicy") is { } restart and not "Never")
        {
            errors.Invalid($"{path}.template.spec.restartPolicy", restart, "only \"Never\" is supported when podFailurePolicy is specified");
        }

        if (policy.Array("rules") is { Count: > MostRules } rules)
        {
            errors.TooMany($"{path}.podFailurePolicy.rules", rules.Count, MostRules);
            return;
        }

        string[] containers =
        [
            .. spec.Objects("template", "spec", "containers").Concat(spec.Objects("template", "spec", "initContainers"))
                .Select(container => container.TextOrEmpty("name")),
        ];
        foreach ((JsonObject rule, FieldPath field) in Checks.Items(policy, "rules", $"{path}.podFailurePolicy"))
        {
            FailureRule(rule, field, containers, spec.Has("backoffLimitPerIndex"), errors);
        }
    }

    public static void Success(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        if (spec.Object("successPolicy") is not { } policy)
        {
            return;
        }

        FieldPath field = $"{path}.successPolicy";
        if (spec.Text("completionMode") != "Indexed")
        {
            errors.Invalid(field, policy, "requires indexed completion mode");
            return;
        }

        int count = policy.Array("rules")?.Count ?? 0;
        if (count == 0)
        {
            errors.Required($"{field}.rules", "at least one rules must be specified when the successPolicy is specified");
        }
        else if (count > MostRules)
        {
            errors.TooMany($"{field}.rules", count, MostRules);
        }

        foreach ((JsonObject rule, FieldPath ruleField) in Checks.Items(policy, "rules", field))
        {
            SuccessRule(rule, ruleField, spec.Integer("completions") ?? 0, errors);
        }
    }

    private static void FailureRule(JsonObject rule, FieldPath path, string[] containers, bool isPerIndex, FieldErrors errors)
    {
        errors.OneOf(rule, "action", path, isRequired: true, "Count", "FailIndex", "FailJob", "Ignore");
        if (rule.Text("action") == "FailIndex" && !isPerIndex)
        {
            errors.Invalid($"{path}.action", "FailIndex", "requires the backoffLimitPerIndex to be set");
        }

        bool hasConditions = rule.Array("onPodConditions") is { Count: > 0 };
        if (rule.Object("onExitCodes") is { } codes)
        {
            ExitCodes(codes, $"{path}.onExitCodes", containers, errors);
            if (hasConditions)
            {
                errors.Add("FieldValueInvalid", "Invalid value: specifying both OnExitCodes and OnPodConditions is not supported", path);
            }
        }
        else if (!hasConditions)
        {
            errors.Add("FieldValueInvalid", "Invalid value: specifying one of OnExitCodes and OnPodConditions is required", path);
        }

        foreach ((JsonObject pattern, FieldPath field) in Checks.Items(rule, "onPodConditions", path))
        {
            errors.Format(pattern.TextOrEmpty("type"), $"{field}.type", Formats.QualifiedName);
            errors.OneOf(pattern, "status", field, isRequired: true, "False", "True", "Unknown");
        }
    }

    private static void ExitCodes(JsonObject codes, FieldPath path, string[] containers, FieldErrors errors)
    {
        errors.OneOf(codes, "operator", path, isRequired: true, "In", "NotIn");
        if (codes.Text("containerName") is { } name && !containers.Contains(name, StringComparer.Ordinal))
        {
            errors.Invalid(
                $"{path}.containerName", name, "must be one of the container or initContainer names in the pod template");
        }

        long[] values = [.. (codes.Array("values") ?? []).Select(value => value.Integer() ?? 0)];
        FieldPath field = $"{path}.values";
        if (values.Length == 0)
        {
            errors.Invalid(field, codes["values"], "at least one value is required");
        }
        else if (values.Length > MostCodes)
        {
            errors.TooMany(field, values.Length, MostCodes);
        }

        for (int index = 0; index < values.Length; index++)
        {
            if (values[index] == 0 && codes.Text("operator") == "In")
            {
                errors.Invalid($"{field}[{index}]", 0, "must not be 0 for the In operator");
            }

            if (Array.IndexOf(values, values[index]) < index)
            {
                errors.Duplicate($"{field}[{index}]", values[index]);
            }
        }

        if (!values.SequenceEqual(values.Order()))
        {
            errors.Invalid(field, codes["values"], "must be ordered");
        }
    }

    private static void SuccessRule(JsonObject rule, FieldPath path, long completions, FieldErrors errors)
    {
        string? indexes = rule.Text("succeededIndexes");
        if (indexes is null && !rule.Has("succeededCount"))
        {
            errors.Required(path, "at least one of succeededCount or succeededIndexes must be specified");
            return;
        }

        long? total = null;
        if (indexes is not null)
        {
            total = CountIndexes(indexes, completions, out string problem);
            if (total is null)
            {
                errors.Invalid($"{path}.succeededIndexes", indexes, $"error parsing succeededIndexes: {problem}");
            }
        }

        errors.NonNegative(rule, "succeededCount", path);
        if (rule.Integer("succeededCount") is { } count)
        {
            if (count > completions)
            {
                errors.Invalid(
                    $"{path}.succeededCount", count, $"must be less than or equal to {completions} (the number of specified completions)");
            }

            if (count > total)
            {
                errors.Invalid(
                    $"{path}.succeededCount",
                    count,
                    $"must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)");
            }
        }
    }

    /// <summary>How many indexes a text like <c>0,3-5</c> names; null when it is not of this form, in order and below the limit.</summary>
    private static long? CountIndexes(string text, long completions, out string problem)
    {
        long total = 0;
        long last = -1;
        problem = "";
        foreach (string part in text.Length == 0 ? [] : text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !TryIndex(ends[0], out long first) || !TryIndex(ends[^1], out long end))
            {
                problem = $"cannot convert string to integer for index: \"{part}\"";
                return null;
            }

            if (first <= last || end < first)
            {
                problem = $"non-increasing order, previous: {last}, current: {first}";
                return null;
            }

            if (end >= completions)
            {
                problem = $"too large index: \"{end}\"";
                return null;
            }

            total += end - first + 1;
            last = end;
        }

        return total;
    }

    private static bool TryIndex(string text, out long index) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);
}
