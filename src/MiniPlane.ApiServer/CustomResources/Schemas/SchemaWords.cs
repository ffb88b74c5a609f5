using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>Small things that the walks over schemas share.</summary>
internal static class SchemaWords
{
    /// <summary>What JSON schema calls a value's type; a number without a fraction is an integer.</summary>
    public static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => double.IsInteger(NumberOf(value)) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => "null",
    };

    public static double NumberOf(JsonNode value) =>
        double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : 0;

    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The item of an older list that <paramref name="item"/> continues: only lists with keys can tell; null otherwise.</summary>
    public static JsonNode? SameItem(JsonNode? oldList, StructuralSchema schema, JsonNode? item) =>
        schema is { ListType: "map", Items: { } items } && oldList is JsonArray list && item is JsonObject wanted
            ? list.FirstOrDefault(other => other is JsonObject json && KeyOf(json, schema, items) == KeyOf(wanted, schema, items))
            : null;

    /// <summary>The values of an item's key fields as one text.</summary>
    public static string KeyOf(JsonObject item, StructuralSchema list, StructuralSchema items) =>
        string.Join(',', list.ListMapKeys.Select(key => (item[key] ?? items.Property(key)?.Default).Compacted()));
}
