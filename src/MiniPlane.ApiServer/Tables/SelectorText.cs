using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>A label selector in one line, as <c>kubectl get -l</c> would take it (metav1.FormatLabelSelector).</summary>
internal static class SelectorText
{
    public static string Of(JsonNode? selector)
    {
        IEnumerable<(string Key, string Text)> labels =
            selector.TextMap("matchLabels").Select(label => (label.Key, $"{label.Key}={label.Value}"));
        IEnumerable<(string Key, string Text)> expressions =
            selector.Objects("matchExpressions").Select(item => (item.TextOrEmpty("key"), Expression(item)));
        return Cell.Joined(labels.Concat(expressions).OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => part.Text));
    }

    private static string Expression(JsonObject requirement)
    {
        string key = requirement.TextOrEmpty("key");
        string values = string.Join(',', requirement.Texts("values").Order(StringComparer.Ordinal));
        return requirement.Text("operator") switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "DoesNotExist" => $"!{key}",
            _ => key,
        };
    }
}
