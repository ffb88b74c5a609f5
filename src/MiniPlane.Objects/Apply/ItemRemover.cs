using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>Removes a set of fields and list items from an object, in place.</summary>
internal static class ItemRemover
{
    public static void Remove(TypeDefinition type, JsonObject json, FieldSet paths) =>
        RemoveFromMap(SchemaNode.Root(type), json, paths);

    private static void RemoveFromMap(SchemaNode schema, JsonObject map, FieldSet paths)
    {
        foreach (string name in map.Select(property => property.Key).ToList())
        {
            if (paths.Find(PathElements.Field(name)) is not { } below)
            {
                continue;
            }

            if (below.IsMember)
            {
                map.Remove(name);
            }
            else
            {
                Descend(schema.Below(name), map[name], below);
            }
        }
    }

    private static void Descend(SchemaNode schema, JsonNode? value, FieldSet paths)
    {
        if (value is JsonObject map && schema.IsGranularMap)
        {
            RemoveFromMap(schema, map, paths);
        }
        else if (value is JsonArray list && schema.IsGranularList)
        {
            RemoveFromList(schema, list, paths);
        }
    }

    private static void RemoveFromList(SchemaNode schema, JsonArray list, FieldSet paths)
    {
        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (paths.Find(schema.ItemElement(list[i])) is not { } below)
            {
                continue;
            }

            if (below.IsMember)
            {
                list.RemoveAt(i);
            }
            else
            {
                Descend(schema.Item(), list[i], below);
            }
        }
    }
}
