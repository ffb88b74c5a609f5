using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Label selectors inside objects (k8s.io/apimachinery/pkg/apis/meta/v1/validation).</summary>
internal static class SelectorRules
{
    private static readonly string[] Operators = ["In", "NotIn", "Exists", "DoesNotExist"];

    public static void Validate(JsonNode? selector, FieldPath path, FieldErrors errors)
    {
        MetadataValidation.Labels(selector.At("matchLabels"), $"{path}.matchLabels", errors);
        foreach ((JsonObject requirement, FieldPath field) in Checks.Items(selector, "matchExpressions", path))
        {
            Requirement(requirement, field, errors);
        }
    }

    public static bool IsEmpty(JsonNode? selector) =>
        selector.Object("matchLabels") is not { Count: > 0 } && selector.Array("matchExpressions") is not { Count: > 0 };

    /// <summary>True when an object with these labels is chosen. A selector that is not there chooses nothing.</summary>
    public static bool Matches(JsonNode? selector, IReadOnlyDictionary<string, string> labels)
    {
        if (selector is null)
        {
            return false;
        }

        return selector.TextMap("matchLabels").All(wanted => labels.TryGetValue(wanted.Key, out string? value) && value == wanted.Value)
            && selector.Objects("matchExpressions").All(requirement => Holds(requirement, labels));
    }

    private static bool Holds(JsonObject requirement, IReadOnlyDictionary<string, string> labels)
    {
        bool has = labels.TryGetValue(requirement.TextOrEmpty("key"), out string? value);
        bool isListed = has && requirement.Texts("values").Contains(value, StringComparer.Ordinal);
        return requirement.Text("operator") switch
        {
            "In" => isListed,
            "NotIn" => !isListed,
            "Exists" => has,
            "DoesNotExist" => !has,
            _ => false,
        };
    }

    private static void Requirement(JsonObject requirement, FieldPath path, FieldErrors errors)
    {
        string operation = requirement.TextOrEmpty("operator");
        bool hasValues = requirement.Array("values") is { Count: > 0 };
        if (operation is "In" or "NotIn" && !hasValues)
        {
            errors.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'");
        }
        else if (operation is "Exists" or "DoesNotExist" && hasValues)
        {
            errors.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
        else if (!Operators.Contains(operation, StringComparer.Ordinal))
        {
            errors.Invalid($"{path}.operator", operation, "not a valid selector operator");
        }

        string key = requirement.TextOrEmpty("key");
        errors.Format(key, $"{path}.key", Formats.QualifiedName);
        int index = 0;
        foreach (string value in requirement.Texts("values"))
        {
            errors.Format(value, $"{path}.values[{index++}]", Formats.LabelValue);
        }
    }
}
