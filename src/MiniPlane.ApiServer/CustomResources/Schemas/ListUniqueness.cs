using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>Sets hold a value once, lists with keys hold a key once (apiextensions-apiserver/pkg/apiserver/schema/listtype).</summary>
internal static class ListUniqueness
{
    public static void Check(JsonNode? value, JsonNode? old, StructuralSchema schema, string path, FieldErrors errors)
    {
        if (old is not null && value.SameAs(old))
        {
            return;
        }

        switch (value)
        {
            case JsonObject map:
                foreach ((string name, JsonNode? below) in map)
                {
                    if (schema.Property(name) is { } property)
                    {
                        Check(below, old.At(name), property, SchemaWords.Join(path, name), errors);
                    }
                }

                break;
            case JsonArray list:
                CheckList(list, old, schema, path, errors);
                break;
            default:
                break;
        }
    }

    private static void CheckList(JsonArray list, JsonNode? old, StructuralSchema schema, string path, FieldErrors errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int at = 0; at < list.Count; at++)
        {
            string below = string.Create(CultureInfo.InvariantCulture, $"{path}[{at}]");
            JsonNode? item = list[at];
            if (schema.ListType == "set" && !seen.Add(item.Compacted()))
            {
                errors.Duplicate(below, item);
            }
            else if (schema is { ListType: "map", Items: { } keyed } && item is JsonObject entry && !seen.Add(SchemaWords.KeyOf(entry, schema, keyed)))
            {
                errors.Duplicate(below, Keys(entry, schema));
            }

            if (schema.Items is { } items)
            {
                Check(item, SchemaWords.SameItem(old, schema, item), items, below, errors);
            }
        }
    }

    private static JsonObject Keys(JsonObject entry, StructuralSchema schema)
    {
        var keys = new JsonObject();
        foreach (string key in schema.ListMapKeys.Order(StringComparer.Ordinal))
        {
            keys[key] = entry[key]?.DeepClone();
        }

        return keys;
    }
}
