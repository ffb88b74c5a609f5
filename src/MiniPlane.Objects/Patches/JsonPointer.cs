using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Patches;

/// <summary>A JSON Pointer (RFC 6901) split into its unescaped steps.</summary>
internal sealed class JsonPointer
{
    private readonly string[] _steps;

    private JsonPointer(string[] steps) => _steps = steps;

    public bool IsRoot => _steps.Length == 0;

    public string Last => _steps[^1];

    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPointer? pointer)
    {
        pointer = text.Length == 0
            ? new JsonPointer([])
            : text[0] == '/' ? new JsonPointer([.. text[1..].Split('/').Select(Unescape)]) : null;
        return pointer is not null;
    }

    /// <summary>Whether <paramref name="other"/> lies below this place.</summary>
    public bool IsProperPrefixOf(JsonPointer other) =>
        _steps.Length < other._steps.Length && other._steps.AsSpan(0, _steps.Length).SequenceEqual(_steps);

    /// <summary>The container of the last step, or null when the way does not exist.</summary>
    public JsonNode? FindParent(JsonNode? root)
    {
        JsonNode? node = root;
        foreach (string step in _steps.AsSpan(0, _steps.Length - 1))
        {
            if (!TryStep(node, step, out node))
            {
                return null;
            }
        }

        return node;
    }

    public bool TryFind(JsonNode? root, out JsonNode? node)
    {
        node = root;
        foreach (string step in _steps)
        {
            if (!TryStep(node, step, out node))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads an array index: digits without leading zeros, or (as upstream's library allows) counted from the end.</summary>
    public static bool TryIndex(string step, int count, out int index)
    {
        bool isNumber = int.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index)
            && index.ToString(CultureInfo.InvariantCulture) == step;
        if (isNumber && index < 0)
        {
            index += count;
        }

        return isNumber && index >= 0 && index <= count;
    }

    private static bool TryStep(JsonNode? node, string step, out JsonNode? next)
    {
        next = null;
        switch (node)
        {
            case JsonObject map:
                return map.TryGetPropertyValue(step, out next);
            case JsonArray list when TryIndex(step, list.Count, out int index) && index < list.Count:
                next = list[index];
                return true;
            default:
                return false;
        }
    }

    private static string Unescape(string step) =>
        step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
