using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>Lays an applied configuration over the live object, by the schema's list and map types.</summary>
internal static class ObjectMerger
{
    /// <summary>A new object; neither argument is changed.</summary>
    public static JsonObject Merge(TypeDefinition type, JsonObject live, JsonObject applied)
    {
        var merged = live.DeepClone().AsObject();
        MergeMap(SchemaNode.Root(type), merged, applied);
        return merged;
    }

    private static void MergeMap(SchemaNode schema, JsonObject target, JsonObject applied)
    {
        foreach ((string name, JsonNode? value) in applied)
        {
            SchemaNode below = schema.Below(name);
            switch (target[name], value)
            {
                case (JsonObject existing, JsonObject map) when below.IsGranularMap:
                    MergeMap(below, existing, map);
                    break;
                case (JsonArray existing, JsonArray list) when below.IsGranularList:
                    target[name] = MergeList(below, existing, list);
                    break;
                default:
                    target[name] = value?.DeepClone();
                    break;
            }
        }
    }

    // Items of the configuration keep their order; items that only the live object has stay before the item they preceded.
    private static JsonArray MergeList(SchemaNode schema, JsonArray existing, JsonArray applied)
    {
        var wanted = new HashSet<string>(applied.Select(schema.ItemElement), StringComparer.Ordinal);
        List<(string Element, JsonNode? Item)> live = [.. existing.Select(item => (schema.ItemElement(item), item))];
        var byElement = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        live.ForEach(entry => byElement.TryAdd(entry.Element, entry.Item));

        var result = new JsonArray();
        int next = 0;
        foreach (JsonNode? item in applied)
        {
            string element = schema.ItemElement(item);
            if (byElement.TryGetValue(element, out JsonNode? current))
            {
                for (; next < live.Count && live[next].Element != element && !wanted.Contains(live[next].Element); next++)
                {
                    result.Add(live[next].Item?.DeepClone());
                }

                next += next < live.Count && live[next].Element == element ? 1 : 0;
                result.Add(MergeItem(schema.Item(), current, item));
            }
            else
            {
                result.Add(item?.DeepClone());
            }
        }

        for (; next < live.Count; next++)
        {
            if (!wanted.Contains(live[next].Element))
            {
                result.Add(live[next].Item?.DeepClone());
            }
        }

        return result;
    }

    private static JsonNode? MergeItem(SchemaNode schema, JsonNode? current, JsonNode? applied)
    {
        if (current is not JsonObject existing || applied is not JsonObject map || !schema.IsGranularMap)
        {
            return applied?.DeepClone();
        }

        JsonNode merged = existing.DeepClone();
        MergeMap(schema, merged.AsObject(), map);
        return merged;
    }
}
