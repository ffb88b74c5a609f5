using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Which requests a webhook or an admission policy is for (pkg/apis/admissionregistration/validation).</summary>
internal static class MatchRules
{
    private static readonly string[] Operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

    /// <summary>Operations, groups, versions and resources.</summary>
    public static void Rule(JsonObject rule, string path, FieldErrors errors)
    {
        foreach (string list in (ReadOnlySpan<string>)["operations", "apiGroups", "apiVersions", "resources"])
        {
            if (rule.Array(list) is not { Count: > 0 })
            {
                errors.Required($"{path}.{list}");
            }
        }

        Wildcard(rule, "operations", "operations", path, errors);
        Wildcard(rule, "apiGroups", "API groups", path, errors);
        Wildcard(rule, "apiVersions", "API versions", path, errors);
        int index = 0;
        foreach (string operation in rule.Texts("operations"))
        {
            if (!Operations.Contains(operation, StringComparer.Ordinal))
            {
                errors.NotSupported($"{path}.operations[{index}]", operation, Operations);
            }

            index++;
        }

        NoneEmpty(rule, "apiVersions", path, errors);
        Resources(rule, $"{path}.resources", errors);
        errors.OneOf(rule, "scope", path, isRequired: false, "*", "Cluster", "Namespaced");
    }

    /// <summary><c>matchConstraints</c> of a policy, <c>matchResources</c> of a binding.</summary>
    public static void Match(JsonObject match, string path, FieldErrors errors)
    {
        foreach (string list in (ReadOnlySpan<string>)["resourceRules", "excludeResourceRules"])
        {
            foreach ((JsonObject rule, FieldPath field) in Checks.Items(match, list, path))
            {
                Rule(rule, field, errors);
                Names(rule, $"{field}.resourceNames", errors);
            }
        }

        SelectorRules.Validate(match["namespaceSelector"], $"{path}.namespaceSelector", errors);
        SelectorRules.Validate(match["objectSelector"], $"{path}.objectSelector", errors);
        errors.OneOf(match, "matchPolicy", path, isRequired: false, "Equivalent", "Exact");
    }

    private static void Names(JsonObject rule, string field, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int index = 0;
        foreach (string name in rule.Texts("resourceNames"))
        {
            errors.Format(name, $"{field}[{index}]", Formats.PathSegment);
            if (!seen.Add(name))
            {
                errors.Duplicate($"{field}[{index}]", name);
            }

            index++;
        }
    }

    private static void Resources(JsonObject rule, string field, FieldErrors errors)
    {
        string[] all = [.. rule.Texts("resources")];
        var wholes = new HashSet<string>(StringComparer.Ordinal);
        var parts = new HashSet<string>(StringComparer.Ordinal);
        bool isLastPlain = false;
        for (int index = 0; index < all.Length; index++)
        {
            string[] halves = all[index].Split('/', 2);
            if (all[index].Length == 0)
            {
                errors.Required($"{field}[{index}]");
            }
            else if (halves.Length == 1)
            {
                isLastPlain = all[index] != "*";
            }
            else
            {
                Pair(all[index], halves[0], halves[1], $"{field}[{index}]", wholes, parts, errors);
            }
        }

        if (all.Length > 1 && all.Contains("*/*", StringComparer.Ordinal))
        {
            errors.Invalid(field, rule["resources"], "if '*/*' is present, must not specify other resources");
        }

        if (isLastPlain && all.Contains("*", StringComparer.Ordinal))
        {
            errors.Invalid(field, rule["resources"], "if '*' is present, must not specify other resources without subresources");
        }
    }

    private static void Pair(
        string text, string resource, string subresource, string field, HashSet<string> wholes, HashSet<string> parts, FieldErrors errors)
    {
        if (wholes.Contains(resource))
        {
            errors.Invalid(field, text, $"if '{resource}/*' is present, must not specify {text}");
        }

        if (parts.Contains(subresource))
        {
            errors.Invalid(field, text, $"if '*/{subresource}' is present, must not specify {text}");
        }

        if (subresource == "*")
        {
            wholes.Add(resource);
        }

        if (resource == "*")
        {
            parts.Add(subresource);
        }
    }

    private static void NoneEmpty(JsonObject rule, string list, string path, FieldErrors errors)
    {
        int index = 0;
        foreach (string word in rule.Texts(list))
        {
            if (word.Length == 0)
            {
                errors.Required($"{path}.{list}[{index}]");
            }

            index++;
        }
    }

    private static void Wildcard(JsonObject rule, string list, string others, string path, FieldErrors errors)
    {
        if (rule.Array(list) is { Count: > 1 } && rule.Texts(list).Contains("*", StringComparer.Ordinal))
        {
            errors.Invalid($"{path}.{list}", rule[list], $"if '*' is present, must not specify other {others}");
        }
    }
}
