using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Apply;

/// <summary>Path elements in FieldsV1's notation, and paths in the notation of conflict messages.</summary>
internal static class PathElements
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Field(string name) => "f:" + name;

    public static string Value(JsonNode? value) => "v:" + Text(value);

    /// <summary>The element of a list item with key fields; a missing key takes the schema's default, as upstream does.</summary>
    public static string Key(JsonObject item, IReadOnlyList<string> keys, Func<string, JsonNode?> @default)
    {
        var json = new JsonObject();
        foreach (string key in keys.Order(StringComparer.Ordinal))
        {
            if ((item[key] ?? @default(key)) is { } value)
            {
                json[key] = value.DeepClone();
            }
        }

        return "k:" + Text(json);
    }

    /// <summary><c>.spec.containers[name="a"].image</c>.</summary>
    public static string Format(IReadOnlyList<string> path)
    {
        var text = new StringBuilder();
        foreach (string element in path)
        {
            string rest = element[2..];
            _ = element[0] switch
            {
                'f' => text.Append('.').Append(rest),
                'v' => text.Append("[=").Append(rest).Append(']'),
                'k' => text.Append('[').Append(FormatKey(rest)).Append(']'),
                _ => text.Append('[').Append(rest).Append(']'),
            };
        }

        return text.ToString();
    }

    private static string FormatKey(string json) => JsonNode.Parse(json) is JsonObject keys
        ? string.Join(',', keys.Select(key => $"{key.Key}={Text(key.Value)}"))
        : json;

    private static string Text(JsonNode? value) => value?.ToJsonString(Relaxed) ?? "null";
}
