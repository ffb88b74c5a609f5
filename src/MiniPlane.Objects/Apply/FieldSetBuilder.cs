using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>Lists the fields that an applied configuration speaks about.</summary>
internal static class FieldSetBuilder
{
    public static FieldSet Build(TypeDefinition type, JsonObject json)
    {
        var set = new FieldSet();
        AddMap(SchemaNode.Root(type), json, set);
        return set;
    }

    private static void Add(SchemaNode schema, JsonNode? value, FieldSet here)
    {
        if (value is JsonObject map && schema.IsGranularMap)
        {
            AddMap(schema, map, here);
        }
        else if (value is JsonArray list && schema.IsGranularList)
        {
            AddList(schema, list, here);
        }
        else
        {
            here.Add();
        }
    }

    private static void AddMap(SchemaNode schema, JsonObject map, FieldSet here)
    {
        foreach ((string name, JsonNode? value) in map)
        {
            FieldSet child = here.Child(PathElements.Field(name));
            Add(schema.Below(name), value, child);
            if (value is null or JsonObject { Count: 0 } || !schema.HasField(name))
            {
                child.Add();
            }
        }
    }

    private static void AddList(SchemaNode schema, JsonArray list, FieldSet here)
    {
        foreach (JsonNode? item in list)
        {
            FieldSet child = here.Child(schema.ItemElement(item));
            Add(schema.Item(), item, child);
            child.Add();
        }
    }
}
