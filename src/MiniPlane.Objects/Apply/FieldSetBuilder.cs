using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>Lists the fields that an object speaks about.</summary>
internal static class FieldSetBuilder
{
    /// <summary>The fields of an applied configuration: its leaves, its list items, and what it names without saying more.</summary>
    public static FieldSet Build(TypeDefinition type, JsonObject json)
    {
        var set = new FieldSet();
        AddMap(SchemaNode.Root(type), json, set);
        return set;
    }

    /// <summary>Every field of a part that came or went as a whole, those on the way to its leaves included.</summary>
    public static void AddWhole(SchemaNode schema, JsonNode? value, FieldSet here)
    {
        if (value is JsonObject map && schema.IsGranularMap)
        {
            foreach ((string name, JsonNode? below) in map)
            {
                AddWhole(schema.Below(name), below, here.Child(PathElements.Field(name)));
            }
        }
        else if (value is JsonArray list && schema.IsGranularList)
        {
            foreach (JsonNode? item in list)
            {
                string element = schema.ItemElement(item);
                if (here.Find(element) is null)
                {
                    AddWhole(schema.Item(), item, here.Child(element));
                }
            }
        }

        here.Add();
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
            var child = new FieldSet();
            Add(schema.Below(name), value, child);
            if (value is null or JsonObject { Count: 0 } || !schema.HasField(name))
            {
                child.Add();
            }

            here.PutIfAny(PathElements.Field(name), child);
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
