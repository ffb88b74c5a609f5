using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Patches;

/// <summary>
/// Lists in a strategic merge patch: scalars as sets, objects by their merge key. The order of the patch wins over the live
/// order; live elements that the patch does not name stay where the live order puts them, as well as that can be.
/// </summary>
internal static class StrategicListMerge
{
    /// <summary>Merges <paramref name="patch"/> into <paramref name="live"/>; both are consumed.</summary>
    public static JsonArray Merge(JsonArray live, JsonArray patch, string? mergeKey, PatchSchema element)
    {
        if (live.Concat(patch).Any(item => item is JsonArray))
        {
            throw ApiErrors.RejectedByServer();
        }

        if (PatchSchema.IsScalarList(patch) && PatchSchema.IsScalarList(live))
        {
            var before = (JsonArray)live.DeepClone();
            return Order(Unique(live.Concat(patch)), patch, before, null);
        }

        if (mergeKey is null)
        {
            throw ApiErrors.Unknown("cannot merge lists without merge key for type");
        }

        return MergeMaps(live, patch, mergeKey, element);
    }

    /// <summary>
    /// Puts elements named by <paramref name="order"/> in that order, and the others between them as in
    /// <paramref name="liveOrder"/>.
    /// </summary>
    public static JsonArray Order(JsonArray list, JsonArray order, JsonArray liveOrder, string? mergeKey)
    {
        var named = list.Where(item => IndexOf(order, item, mergeKey) >= 0).OrderBy(item => IndexOf(order, item, mergeKey)).ToList();
        var others = list.Where(item => IndexOf(order, item, mergeKey) < 0).OrderBy(item => IndexOf(liveOrder, item, mergeKey)).ToList();
        var result = new JsonArray();
        list.Clear();
        int left = 0;
        int right = 0;
        while (left < others.Count || right < named.Count)
        {
            bool takesOther = right == named.Count || (left < others.Count && IsBefore(others[left], named[right], liveOrder, mergeKey));
            result.Add(takesOther ? others[left++] : named[right++]);
        }

        return result;
    }

    /// <summary>Refuses a patch list that has elements which its own order list does not name, or names otherwise.</summary>
    public static void CheckOrder(JsonArray? patch, JsonArray order, string? mergeKey)
    {
        int last = -1;
        foreach (JsonNode? item in patch ?? [])
        {
            if (item is JsonObject map && map.ContainsKey(StrategicMergePatch.Directive))
            {
                continue;
            }

            int at = IndexOf(order, item, mergeKey);
            if (at < 0 || at < last)
            {
                throw ApiErrors.Unknown("The order in patch list doesn't match $setElementOrder list");
            }

            last = at;
        }
    }

    private static JsonArray MergeMaps(JsonArray live, JsonArray patch, string mergeKey, PatchSchema element)
    {
        var before = (JsonArray)live.DeepClone();
        var changes = new JsonArray();
        bool replaces = false;
        foreach (JsonNode? item in patch.ToArray())
        {
            patch.Remove(item);
            if (item is not JsonObject map)
            {
                throw ApiErrors.Unknown("expected a map[string]interface{}, but received a " + JsonWords.Of(item));
            }

            switch ((map[StrategicMergePatch.Directive] as JsonValue)?.ToString())
            {
                case null or "merge":
                    changes.Add(item);
                    break;
                case "delete":
                    Delete(live, map, mergeKey);
                    break;
                case "replace":
                    replaces = true;
                    break;
                case { } other:
                    throw ApiErrors.BadRequest($"Unknown patch type found: {other}");
            }
        }

        if (replaces)
        {
            return (JsonArray)StrategicMergePatch.Clean(changes)!;
        }

        var order = (JsonArray)changes.DeepClone();
        foreach (JsonNode? item in changes.ToArray())
        {
            changes.Remove(item);
            MergeOne(live, item!.AsObject(), mergeKey, element);
        }

        return Order(live, order, before, mergeKey);
    }

    private static void MergeOne(JsonArray live, JsonObject change, string mergeKey, PatchSchema element)
    {
        if (change[mergeKey] is null)
        {
            throw ApiErrors.Unknown($"map: {change.ToJsonString()} does not contain declared merge key: {mergeKey}");
        }

        int at = IndexOf(live, change, mergeKey);
        if (at < 0)
        {
            live.Add(StrategicMergePatch.Clean(change));
            return;
        }

        JsonObject current = live[at]!.AsObject();
        live[at] = null;
        live[at] = StrategicMergePatch.MergeMap(current, change, element);
    }

    private static void Delete(JsonArray live, JsonObject marker, string mergeKey)
    {
        if (marker[mergeKey] is null)
        {
            throw ApiErrors.Unknown($"map: {marker.ToJsonString()} does not contain declared merge key: {mergeKey}");
        }

        for (int at = live.Count - 1; at >= 0; at--)
        {
            if (HasSameKey(live[at], marker, mergeKey))
            {
                live.RemoveAt(at);
            }
        }
    }

    private static JsonArray Unique(IEnumerable<JsonNode?> items)
    {
        var unique = new JsonArray();
        foreach (JsonNode? item in items)
        {
            if (IndexOf(unique, item, null) < 0)
            {
                unique.Add(item?.DeepClone());
            }
        }

        return unique;
    }

    private static bool IsBefore(JsonNode? left, JsonNode? right, JsonArray liveOrder, string? mergeKey)
    {
        int leftAt = IndexOf(liveOrder, left, mergeKey);
        int rightAt = IndexOf(liveOrder, right, mergeKey);
        return leftAt >= 0 && rightAt >= 0 && leftAt < rightAt;
    }

    private static int IndexOf(JsonArray list, JsonNode? item, string? mergeKey)
    {
        for (int at = 0; at < list.Count; at++)
        {
            if (mergeKey is not null && item is JsonObject map ? HasSameKey(list[at], map, mergeKey) : JsonNode.DeepEquals(list[at], item))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool HasSameKey(JsonNode? left, JsonObject right, string mergeKey) =>
        left is JsonObject map && map[mergeKey] is { } key && JsonNode.DeepEquals(key, right[mergeKey]);
}
