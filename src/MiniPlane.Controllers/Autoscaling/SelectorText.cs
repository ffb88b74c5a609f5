using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>Selectors as text: for a query, and as Go prints the object in upstream's messages. Pure.</summary>
internal static class SelectorText
{
    /// <summary>The form of a query parameter, sorted by key.</summary>
    public static string Query(LabelSelector selector) => string.Join(',', selector.Requirements
        .OrderBy(requirement => requirement.Key, StringComparer.Ordinal).Select(Query));

    /// <summary>meta.v1.LabelSelector under <c>%+v</c>; <c>nil</c> when absent.</summary>
    public static string Printed(JsonObject? selector)
    {
        if (selector is null)
        {
            return "nil";
        }

        string labels = string.Concat(selector.TextMap("matchLabels").OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{label.Key}: {label.Value},"));
        string expressions = string.Concat(selector.Objects("matchExpressions").Select(expression =>
            "LabelSelectorRequirement{Key:" + expression.TextOrEmpty("key") + ",Operator:" + expression.TextOrEmpty("operator")
            + ",Values:[" + string.Join(' ', expression.Texts("values")) + "],},"));
        return "&LabelSelector{MatchLabels:map[string]string{" + labels + "},MatchExpressions:[]LabelSelectorRequirement{" + expressions + "},}";
    }

    private static string Query(LabelRequirement requirement) => requirement.Operator switch
    {
        SelectorOperator.In when requirement.Values.Count == 1 => $"{requirement.Key}={requirement.Values[0]}",
        SelectorOperator.In => $"{requirement.Key} in ({Values(requirement)})",
        SelectorOperator.NotIn => $"{requirement.Key} notin ({Values(requirement)})",
        SelectorOperator.DoesNotExist => $"!{requirement.Key}",
        SelectorOperator.GreaterThan => $"{requirement.Key}>{requirement.Values[0]}",
        SelectorOperator.LessThan => $"{requirement.Key}<{requirement.Values[0]}",
        _ => requirement.Key,
    };

    private static string Values(LabelRequirement requirement) => string.Join(',', requirement.Values.Order(StringComparer.Ordinal));
}
