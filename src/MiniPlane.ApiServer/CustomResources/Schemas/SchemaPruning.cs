using System.Globalization;
using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>
/// Drops fields that the schema does not know (apiextensions-apiserver/pkg/apiserver/schema/pruning). Head and metadata of the object
/// and of embedded resources always stay; they have a decoder of their own.
/// </summary>
internal static class SchemaPruning
{
    /// <summary>Prunes a whole object in place; paths of what went are added to <paramref name="dropped"/> (<c>spec.foo[0].bar</c>).</summary>
    public static void Prune(JsonObject obj, StructuralSchema schema, List<string> dropped) => PruneObject(obj, schema, "", true, dropped);

    private static void PruneObject(JsonObject map, StructuralSchema schema, string path, bool isResource, List<string> dropped)
    {
        for (int at = 0; at < map.Count; at++)
        {
            (string name, JsonNode? value) = map.GetAt(at);
            if (isResource && name is "apiVersion" or "kind" or "metadata")
            {
                continue;
            }

            string below = path.Length == 0 ? name : $"{path}.{name}";
            if (schema.Property(name) is { } property)
            {
                Prune(value, property, below, dropped);
            }
            else if (!schema.PreservesUnknownFields && !schema.AllowsAnyProperty)
            {
                dropped.Add(below);
                map.RemoveAt(at--);
            }
        }
    }

    private static void Prune(JsonNode? value, StructuralSchema schema, string path, List<string> dropped)
    {
        switch (value)
        {
            case JsonObject map:
                PruneObject(map, schema, path, schema.IsEmbeddedResource, dropped);
                break;
            case JsonArray list when schema.Items is { } items:
                for (int at = 0; at < list.Count; at++)
                {
                    Prune(list[at], items, string.Create(CultureInfo.InvariantCulture, $"{path}[{at}]"), dropped);
                }

                break;
            case JsonArray list when !schema.PreservesUnknownFields:
                // An array where the schema knows no items is refused by validation; nothing inside may survive it.
                PruneUnknownItems(list, schema, path, dropped);
                break;
            default:
                break;
        }
    }

    private static void PruneUnknownItems(JsonArray list, StructuralSchema schema, string path, List<string> dropped)
    {
        for (int at = 0; at < list.Count; at++)
        {
            if (list[at] is JsonObject item)
            {
                PruneObject(item, new StructuralSchema { Rules = schema.Rules }, string.Create(CultureInfo.InvariantCulture, $"{path}[{at}]"), false, dropped);
            }
        }
    }
}
