using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Apply;

/// <summary>Path elements in FieldsV1's notation, and paths in the notation of conflict messages.</summary>
internal static class PathElements
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Letters that the encoder writes as they are.
    private static readonly SearchValues<char> Unescaped =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/:");

    // The fields of the API are few, and each is named in every object.
    private const int Places = 1024;

    private static readonly string?[] Known = new string?[Places];
    private static readonly ItemKey?[] KnownKeys = new ItemKey?[Places];

    public static string Field(string name)
    {
        ref string? place = ref Known[name.GetHashCode(StringComparison.Ordinal) & (Places - 1)];
        if (place is { } known && known.AsSpan(2).SequenceEqual(name))
        {
            return known;
        }

        string made = "f:" + name;
        place = made;
        return made;
    }

    public static string Value(JsonNode? value) => "v:" + Text(value);

    /// <summary>The element of a list item with key fields; a missing key takes the schema's default, as upstream does.</summary>
    public static string Key(JsonObject item, IReadOnlyList<string> keys, in SchemaNode schema)
    {
        if (keys.Count == 1 && item[keys[0]].Text() is { } only)
        {
            return Key(keys[0], only);
        }

        var text = new StringBuilder("k:{");
        foreach (string key in InOrder(keys) ? keys : [.. keys.Order(StringComparer.Ordinal)])
        {
            if ((item[key] ?? schema.KeyDefault(key)) is { } value)
            {
                text.Append(text.Length > 3 ? ",\"" : "\"").Append(key).Append("\":");
                Append(text, value);
            }
        }

        return text.Append('}').ToString();
    }

    // Names of containers, variables, ports and the like are the same few in all objects that are made from one template.
    private static string Key(string key, string value)
    {
        ref ItemKey? place = ref KnownKeys[(key.Length ^ value.GetHashCode(StringComparison.Ordinal)) & (Places - 1)];
        if (place is { } known && known.Value == value && known.Key == key)
        {
            return known.Element;
        }

        string made = value.AsSpan().ContainsAnyExcept(Unescaped)
            ? $"k:{{\"{key}\":{Text(JsonValue.Create(value))}}}"
            : $"k:{{\"{key}\":\"{value}\"}}";
        place = new ItemKey(key, value, made);
        return made;
    }

    private static bool InOrder(IReadOnlyList<string> keys)
    {
        for (int at = 1; at < keys.Count; at++)
        {
            if (string.CompareOrdinal(keys[at - 1], keys[at]) > 0)
            {
                return false;
            }
        }

        return true;
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

    private static void Append(StringBuilder text, JsonNode value)
    {
        if (value.Text() is { } plain && !plain.AsSpan().ContainsAnyExcept(Unescaped))
        {
            text.Append('"').Append(plain).Append('"');
        }
        else if (value is JsonValue scalar && scalar.TryGetValue(out long number))
        {
            text.Append(number);
        }
        else
        {
            text.Append(Text(value));
        }
    }

    private static string FormatKey(string json) => JsonNode.Parse(json) is JsonObject keys
        ? string.Join(',', keys.Select(key => $"{key.Key}={Text(key.Value)}"))
        : json;

    private static string Text(JsonNode? value) => value?.ToJsonString(Relaxed) ?? "null";

    private sealed record ItemKey(string Key, string Value, string Element);
}
