using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Recorded;

/// <summary>Takes out of a body what differs from run to run.</summary>
internal static partial class RecordedText
{
    private static readonly string[] Opaque = ["resourceVersion", "continue", "storageVersionHash", "serverAddress"];

    /// <summary>A copy with placeholders for times, uids and revisions, causes in one order.</summary>
    public static JsonNode? Normalize(JsonNode? node, string name = "")
    {
        switch (node)
        {
            case JsonObject json:
                return new JsonObject([.. json
                    .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => KeyValuePair.Create(pair.Key, Normalize(pair.Value, pair.Key)))]);
            case JsonArray array:
                IEnumerable<JsonNode?> items = array.Select(item => Normalize(item, name));
                return new JsonArray([.. name == "causes" ? items.OrderBy(item => item.Compacted(), StringComparer.Ordinal) : items]);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return Text(value.GetValue<string>(), name);
            default:
                return node?.DeepClone();
        }
    }

    private static string Text(string text, string name)
    {
        if (text.Length > 0 && Opaque.Contains(name, StringComparer.Ordinal))
        {
            return $"<{name}>";
        }

        // Several field errors come in no fixed order.
        int list = name == "message" && text.EndsWith(']') ? text.IndexOf(": [", StringComparison.Ordinal) : -1;
        if (list >= 0)
        {
            IEnumerable<string> parts = text[(list + 3)..^1].Split(", ").Order(StringComparer.Ordinal);
            text = $"{text[..list]}: [{string.Join(", ", parts)}]";
        }

        text = TimePattern().Replace(text, "<time>");
        text = UidPattern().Replace(text, "<uid>");
        text = GeneratedPattern().Replace(text, "<generated>");
        text = CurrentPattern().Replace(text, "current: <n>");
        return AgePattern().Replace(text, "<age>");
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TimePattern();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, 1000)]
    private static partial Regex UidPattern();

    [GeneratedRegex(@"\b(gen-|kube-api-access-)([a-z0-9]{5}\b|<rand>|<random>)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GeneratedPattern();

    [GeneratedRegex(@"current: \d+", RegexOptions.None, 1000)]
    private static partial Regex CurrentPattern();

    [GeneratedRegex(@"^\d+(ms|s|m|h)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AgePattern();
}
