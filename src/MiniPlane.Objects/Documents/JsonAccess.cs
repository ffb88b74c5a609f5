using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// Short ways to read and write an object that is still JSON. Readers answer null (or empty) for an absent field, a JSON null and a
/// value of another type, as Go's zero values would; so rules read as rules. The schema check before them has named the wrong types.
/// </summary>
public static class JsonAccess
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The node at the end of <paramref name="path"/>, or null.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (node is not JsonObject json)
            {
                return null;
            }

            json.TryGetPropertyValue(name, out node);
        }

        return node;
    }

    /// <summary>True when the path leads to something that is not null.</summary>
    public static bool Has(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) is not null;

    /// <summary>The text there, or null.</summary>
    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    /// <summary>The text there, or the empty string.</summary>
    public static string TextOrEmpty(this JsonNode? node, params ReadOnlySpan<string> path) => node.Text(path) ?? "";

    /// <summary>The whole number there, or null. JSON strings are not numbers.</summary>
    public static long? Integer(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        if (node.At(path) is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        if (value.TryGetValue(out long number))
        {
            return number;
        }

        if (value.TryGetValue(out int small))
        {
            return small;
        }

        return value.TryGetValue(out double real) && double.IsInteger(real) && Math.Abs(real) < 9.2e18 ? (long)real : null;
    }

    /// <summary>The boolean there, or null.</summary>
    public static bool? Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    /// <summary>The JSON object there, or null.</summary>
    public static JsonObject? Object(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonObject;

    /// <summary>The JSON array there, or null.</summary>
    public static JsonArray? Array(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) as JsonArray;

    /// <summary>The elements there that are objects; empty when there is no array.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.Array(path) is { } array ? array.OfType<JsonObject>() : [];

    /// <summary>The elements there that are strings; empty when there is no array.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.Array(path) is { } array ? array.Select(element => element.Text()).OfType<string>() : [];

    /// <summary>A map of strings (labels, annotations, matchLabels); empty when there is none.</summary>
    public static IReadOnlyDictionary<string, string> TextMap(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in node.Object(path) ?? [])
        {
            map[name] = value.TextOrEmpty();
        }

        return map;
    }

    /// <summary>The object there; what is missing on the way is added.</summary>
    public static JsonObject Ensure(this JsonObject json, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (json[name] is not JsonObject child)
            {
                child = [];
                json[name] = child;
            }

            json = child;
        }

        return json;
    }

    /// <summary>The array under <paramref name="name"/>, added when missing.</summary>
    public static JsonArray EnsureArray(this JsonObject json, string name)
    {
        if (json[name] is not JsonArray array)
        {
            array = [];
            json[name] = array;
        }

        return array;
    }

    /// <summary>Sets the field when it is absent or null.</summary>
    public static void Default(this JsonObject json, string name, JsonNode value)
    {
        if (json[name] is null)
        {
            json[name] = value;
        }
    }

    /// <summary>Sets the field when it is absent, null or the empty string: the default of a Go string that is no pointer.</summary>
    public static void DefaultText(this JsonObject json, string name, string value)
    {
        if (json[name] is null || json.Text(name) is { Length: 0 })
        {
            json[name] = value;
        }
    }

    /// <summary>Sets the field when it is absent, null or 0: the default of a Go number that is no pointer.</summary>
    public static void DefaultNumber(this JsonObject json, string name, long value)
    {
        if (json[name] is null || json.Integer(name) == 0)
        {
            json[name] = value;
        }
    }

    /// <summary>Puts a copy of <paramref name="value"/> under <paramref name="name"/>, or removes the field when it is null.</summary>
    public static void SetCopy(this JsonObject json, string name, JsonNode? value)
    {
        if (value is null)
        {
            json.Remove(name);
        }
        else
        {
            json[name] = value.DeepClone();
        }
    }

    /// <summary>Equal as JSON, where absent equals null.</summary>
    public static bool SameAs(this JsonNode? left, JsonNode? right) => JsonNode.DeepEquals(left, right);

    /// <summary>One line of JSON without needless escapes, as error messages show a value.</summary>
    public static string Compacted(this JsonNode? node) => node is null ? "null" : node.ToJsonString(Compact);
}
