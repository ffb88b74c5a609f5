using System.Globalization;
using System.Text.Json;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>
/// Reads values in all their shapes: a number is one, or null, or <c>{set, infinite, number}</c>; words are a list, or one text with
/// commas; a state is a word or a list of them.
/// </summary>
internal static class RestValue
{
    /// <summary>A member by its path, undefined where one is missing.</summary>
    public static JsonElement Get(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return default;
            }
        }

        return element;
    }

    public static string Text(JsonElement element, params ReadOnlySpan<string> path) =>
        Get(element, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() ?? "" : "";

    /// <summary>The number, or null for one that is not set or has no limit.</summary>
    public static long? Number(JsonElement element, params ReadOnlySpan<string> path)
    {
        JsonElement value = Get(element, path);
        return value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt64(out long number) ? number : (long)value.GetDouble(),
            JsonValueKind.String => long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null,
            JsonValueKind.Object => Get(value, "set").ValueKind == JsonValueKind.False || Get(value, "infinite").ValueKind == JsonValueKind.True
                ? null
                : Number(value, "number"),
            _ => null,
        };
    }

    /// <summary>A moment in seconds since 1970; 0 is none.</summary>
    public static DateTimeOffset? Time(JsonElement element, params ReadOnlySpan<string> path) =>
        Number(element, path) is { } seconds and > 0 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    public static IReadOnlyList<string> Words(JsonElement element, params ReadOnlySpan<string> path)
    {
        JsonElement value = Get(element, path);
        return value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString() ?? "")],
            JsonValueKind.String => (value.GetString() ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            _ => [],
        };
    }

    public static IEnumerable<JsonElement> List(JsonElement element, params ReadOnlySpan<string> path) =>
        Get(element, path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
