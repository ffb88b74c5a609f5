using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>Which fields differ between two states of an object.</summary>
internal sealed class ObjectComparison
{
    private ObjectComparison()
    {
    }

    public FieldSet Added { get; } = new();

    public FieldSet Modified { get; } = new();

    public FieldSet Removed { get; } = new();

    public bool IsSame => Added.IsEmpty && Modified.IsEmpty && Removed.IsEmpty;

    public static ObjectComparison Of(TypeDefinition type, JsonObject before, JsonObject after)
    {
        var comparison = new ObjectComparison();
        var places = new Places(comparison.Added, comparison.Modified, comparison.Removed);
        CompareMaps(SchemaNode.Root(type), before, after, places);
        return comparison;
    }

    private static void Compare(SchemaNode schema, JsonNode? before, bool had, JsonNode? after, bool has, Places places)
    {
        bool isMap = (before is JsonObject || after is JsonObject) && schema.IsGranularMap
            && before is null or JsonObject && after is null or JsonObject;
        bool isList = (before is JsonArray || after is JsonArray) && schema.IsGranularList
            && before is null or JsonArray && after is null or JsonArray;
        bool bothEmpty = IsEmpty(before) && IsEmpty(after);
        if ((isMap || isList) && !bothEmpty)
        {
            if (isMap)
            {
                CompareMaps(schema, before as JsonObject ?? [], after as JsonObject ?? [], places);
            }
            else
            {
                CompareLists(schema, before as JsonArray ?? [], after as JsonArray ?? [], places);
            }
        }
        else if (had && has && !JsonNode.DeepEquals(before, after))
        {
            places.Modified.Add();
        }

        if (!had)
        {
            places.Added.Add();
        }
        else if (!has)
        {
            places.Removed.Add();
        }
    }

    private static void CompareMaps(SchemaNode schema, JsonObject before, JsonObject after, Places places)
    {
        foreach ((string name, JsonNode? value) in before)
        {
            bool has = after.TryGetPropertyValue(name, out JsonNode? now);
            if (!has || !ReferenceEquals(value, now))
            {
                Compare(schema.Below(name), value, true, now, has, places.Below(PathElements.Field(name)));
            }
        }

        foreach ((string name, JsonNode? value) in after)
        {
            if (!before.ContainsKey(name))
            {
                Compare(schema.Below(name), null, false, value, true, places.Below(PathElements.Field(name)));
            }
        }
    }

    private static void CompareLists(SchemaNode schema, JsonArray before, JsonArray after, Places places)
    {
        Dictionary<string, JsonNode?> old = Index(schema, before);
        Dictionary<string, JsonNode?> now = Index(schema, after);
        foreach ((string element, JsonNode? value) in old)
        {
            bool has = now.TryGetValue(element, out JsonNode? current);
            Compare(schema.Item(), value, true, current, has, places.Below(element));
        }

        foreach ((string element, JsonNode? value) in now)
        {
            if (!old.ContainsKey(element))
            {
                Compare(schema.Item(), null, false, value, true, places.Below(element));
            }
        }
    }

    private static Dictionary<string, JsonNode?> Index(SchemaNode schema, JsonArray list)
    {
        var index = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (JsonNode? item in list)
        {
            index.TryAdd(schema.ItemElement(item), item);
        }

        return index;
    }

    private static bool IsEmpty(JsonNode? value) => value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private readonly record struct Places(FieldSet Added, FieldSet Modified, FieldSet Removed)
    {
        public Places Below(string element) => new(Added.Child(element), Modified.Child(element), Removed.Child(element));
    }
}
