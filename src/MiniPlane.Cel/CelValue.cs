using System.Text.Json.Nodes;
using MiniPlane.Cel.Values;

namespace MiniPlane.Cel;

/// <summary>Values of variables: null, bool, long, ulong, double, string, lists, <see cref="CelMap"/>s and <see cref="ICelOpaque"/>s.</summary>
public static class CelValue
{
    /// <summary>JSON as a value of a type; objects and lists are read as far as an expression reads them.</summary>
    public static object? FromJson(JsonNode? json, CelType type) => JsonValues.Wrap(json, type);

    /// <summary>JSON of which nothing is known.</summary>
    public static object? FromJson(JsonNode? json) => JsonValues.Wrap(json, CelType.Dyn);

    public static JsonNode? ToJson(object? value) => JsonValues.ToJson(value);

    /// <summary>An optional value that is there.</summary>
    public static object Some(object? value) => CelOptional.Of(value);

    /// <summary>An optional value that is not there.</summary>
    public static object Nothing => CelOptional.None;

    public static string ToText(object? value) => CelText.Of(value);
}
