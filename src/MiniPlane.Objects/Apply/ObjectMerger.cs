using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>Lays an applied configuration over the live object, by the schema's list and map types.</summary>
public static class ObjectMerger
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
                    JsonArray merged = MergeList(below, existing, list);
                    if (!ReferenceEquals(merged, existing))
                    {
                        target[name] = merged;
                    }

                    break;
                case (JsonValue existing, JsonValue given) when JsonNode.DeepEquals(existing, given):
                    break;
                default:
                    target[name] = value?.DeepClone();
                    break;
            }
        }
    }

    // Items of the configuration keep their order; items that only the live object has stay before the item they preceded, and
    // before new ones. The existing list gives its items away.
    private static JsonArray MergeList(SchemaNode schema, JsonArray existing, JsonArray applied)
    {
        if (AreAlike(schema, existing, applied))
        {
            for (int at = 0; at < applied.Count; at++)
            {
                JsonNode? merged = MergeItem(schema.Item(), existing[at], applied[at]);
                if (!ReferenceEquals(merged, existing[at]))
                {
                    existing[at] = merged;
                }
            }

            return existing;
        }

        var wanted = new HashSet<string>(applied.Select(schema.ItemElement), StringComparer.Ordinal);
        var live = new Queue<(string Element, JsonNode? Item)>(existing.Select(item => (schema.ItemElement(item), item)));
        existing.Clear();
        var byElement = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach ((string element, JsonNode? item) in live)
        {
            byElement.TryAdd(element, item);
        }

        var done = new HashSet<string>(StringComparer.Ordinal);
        var result = new JsonArray();
        foreach (JsonNode? item in applied)
        {
            TakeUnwanted();
            string element = schema.ItemElement(item);
            done.Add(element);
            result.Add(byElement.Remove(element, out JsonNode? current)
                ? MergeItem(schema.Item(), current, item)
                : item?.DeepClone());
        }

        TakeUnwanted();
        return result;

        void TakeUnwanted()
        {
            while (live.TryPeek(out (string Element, JsonNode? Item) next)
                && (done.Contains(next.Element) || !wanted.Contains(next.Element)))
            {
                live.Dequeue();
                if (!wanted.Contains(next.Element))
                {
                    result.Add(next.Item);
                }
            }
        }
    }

    // An object that is applied again: the same items in the same order. None comes twice, or the configuration would have been refused.
    private static bool AreAlike(SchemaNode schema, JsonArray existing, JsonArray applied)
    {
        if (existing.Count != applied.Count)
        {
            return false;
        }

        for (int at = 0; at < applied.Count; at++)
        {
            if (schema.ItemElement(existing[at]) != schema.ItemElement(applied[at]))
            {
                return false;
            }
        }

        return true;
    }

    private static JsonNode? MergeItem(SchemaNode schema, JsonNode? current, JsonNode? applied)
    {
        if (current is not JsonObject existing || applied is not JsonObject map || !schema.IsGranularMap)
        {
            return applied?.DeepClone();
        }

        MergeMap(schema, existing, map);
        return existing;
    }
}
