using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Patches;

/// <summary>
/// Strategic merge patch (<c>application/strategic-merge-patch+json</c>): a merge patch that knows from the types which lists
/// merge by a key. Understands <c>$patch</c>, <c>$retainKeys</c>, <c>$deleteFromPrimitiveList/x</c> and
/// <c>$setElementOrder/x</c> (k8s.io/apimachinery/pkg/util/strategicpatch).
/// </summary>
public static class StrategicMergePatch
{
    internal const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeletePrefix = "$deleteFromPrimitiveList/";
    private const string OrderPrefix = "$setElementOrder/";

    /// <summary>The patched copy; <paramref name="original"/> is left alone.</summary>
    /// <exception cref="ApiException">BadRequest or 422, when the patch is malformed or does not fit the object.</exception>
    public static JsonObject Apply(JsonObject original, JsonNode? patch, TypeDefinition type) =>
        ApplyTo(original.DeepClone().AsObject(), patch, type);

    /// <summary>As <see cref="Apply"/>, but consumes <paramref name="original"/>.</summary>
    /// <exception cref="ApiException">BadRequest or 422, when the patch is malformed or does not fit the object.</exception>
    public static JsonObject ApplyTo(JsonObject original, JsonNode? patch, TypeDefinition type)
    {
        if (patch is not JsonObject changes)
        {
            throw ApiErrors.BadRequest($"error decoding patch: json: cannot unmarshal {JsonWords.Of(patch)} into Go value of type map[string]interface {{}}");
        }

        return MergeMap(original, changes.DeepClone().AsObject(), PatchSchema.Of(type));
    }

    /// <summary>Merges into <paramref name="original"/>; both are consumed.</summary>
    internal static JsonObject MergeMap(JsonObject original, JsonObject patch, PatchSchema schema)
    {
        if (patch.TryGetPropertyValue(Directive, out JsonNode? directive))
        {
            patch.Remove(Directive);
            switch (Text(directive))
            {
                case "replace":
                    return CleanMap(patch);
                case "delete":
                    return [];
                case "merge":
                    break;
                default:
                    throw ApiErrors.BadRequest($"Unknown patch type found: {Text(directive) ?? directive?.ToJsonString() ?? "null"}");
            }
        }

        ApplyRetainKeys(original, patch);
        ApplyOrders(original, patch, schema);
        foreach (string key in patch.Select(pair => pair.Key).ToArray())
        {
            JsonNode? change = patch[key];
            patch.Remove(key);
            MergeKey(original, key, change, schema);
        }

        return original;
    }

    /// <summary>The value without directives and nulls, for places where there is nothing to merge with.</summary>
    internal static JsonNode? Clean(JsonNode? value) => value switch
    {
        JsonObject map => CleanMap(map),
        JsonArray list => CleanList(list),
        _ => value,
    };

    private static JsonObject CleanMap(JsonObject map)
    {
        foreach (string key in map.Select(pair => pair.Key).ToArray())
        {
            JsonNode? value = map[key];
            if (value is null || key is Directive or RetainKeys || IsListDirective(key))
            {
                map.Remove(key);
            }
            else if (value is JsonArray list)
            {
                map.Remove(key);
                map[key] = CleanList(list);
            }
            else
            {
                Clean(value);
            }
        }

        return map;
    }

    private static JsonArray CleanList(JsonArray list)
    {
        var kept = new JsonArray();
        foreach (JsonNode? item in list.ToArray())
        {
            list.Remove(item);
            if (item is JsonObject map && Text(map[Directive]) is "delete" or "replace")
            {
                // What is not there needs no deleting; a bare "replace" marker carries no element.
                continue;
            }

            kept.Add(Clean(item));
        }

        return kept;
    }

    private static bool IsListDirective(string key) =>
        key.StartsWith(DeletePrefix, StringComparison.Ordinal) || key.StartsWith(OrderPrefix, StringComparison.Ordinal);

    private static void ApplyRetainKeys(JsonObject original, JsonObject patch)
    {
        if (!patch.TryGetPropertyValue(RetainKeys, out JsonNode? directive))
        {
            return;
        }

        patch.Remove(RetainKeys);
        if (directive is not JsonArray keys)
        {
            throw ApiErrors.BadRequest("invalid patch format of retainKeys");
        }

        var retained = keys.Select(key => Text(key) ?? "").ToHashSet(StringComparer.Ordinal);
        if (patch.Any(pair => pair.Value is not null && !IsListDirective(pair.Key) && !retained.Contains(pair.Key)))
        {
            throw ApiErrors.RejectedByServer();
        }

        foreach (string key in original.Select(pair => pair.Key).Where(key => !retained.Contains(key)).ToArray())
        {
            original.Remove(key);
        }
    }

    // An order is given for the whole list, so the list is merged here at once and its key taken out of the patch.
    private static void ApplyOrders(JsonObject original, JsonObject patch, PatchSchema schema)
    {
        foreach (string directive in patch.Select(pair => pair.Key).Where(key => key.StartsWith(OrderPrefix, StringComparison.Ordinal)).ToArray())
        {
            if (patch[directive] is not JsonArray order)
            {
                throw ApiErrors.BadRequest("invalid patch format of setElementOrder list");
            }

            string key = directive[OrderPrefix.Length..];
            patch.Remove(directive);
            ApplyDeletions(original, patch, key);
            var live = original[key] as JsonArray;
            var changes = patch[key] as JsonArray;
            if (patch.ContainsKey(key) && changes is null)
            {
                // Null deletes the list, and anything else is no list: either way there is no order to keep.
                continue;
            }

            if (live is null && changes is null)
            {
                continue;
            }

            FieldDefinition? field = schema.Field(key);
            StrategicListMerge.CheckOrder(changes, order, field?.PatchMergeKey);
            var before = (JsonArray?)live?.DeepClone();
            JsonArray merged = live is null || changes is null
                ? CleanList((JsonArray)(live ?? changes!).DeepClone())
                : PatchSchema.Merges(field)
                    ? StrategicListMerge.Merge(live, (JsonArray)changes.DeepClone(), field?.PatchMergeKey, schema.Below(key).Element)
                    : CleanList((JsonArray)changes.DeepClone());
            patch.Remove(key);
            original[key] = StrategicListMerge.Order(merged, order, before ?? [], field?.PatchMergeKey);
        }
    }

    private static void ApplyDeletions(JsonObject original, JsonObject patch, string key)
    {
        if (patch.TryGetPropertyValue(DeletePrefix + key, out JsonNode? deletions))
        {
            patch.Remove(DeletePrefix + key);
            DeleteFromList(original, key, deletions);
        }
    }

    private static void MergeKey(JsonObject original, string key, JsonNode? change, PatchSchema schema)
    {
        if (key.StartsWith(DeletePrefix, StringComparison.Ordinal))
        {
            DeleteFromList(original, key[DeletePrefix.Length..], change);
            return;
        }

        if (change is null)
        {
            original.Remove(key);
            return;
        }

        FieldDefinition? field = schema.Field(key);
        JsonNode? current = original[key];
        switch (current, change)
        {
            case (JsonObject live, JsonObject map) when field?.PatchStrategy != "replace":
                original.Remove(key);
                original[key] = MergeMap(live, map, schema.Below(key));
                break;
            case (JsonArray live, JsonArray list) when PatchSchema.Merges(field):
                original.Remove(key);
                original[key] = StrategicListMerge.Merge(live, list, field?.PatchMergeKey, schema.Below(key).Element);
                break;
            default:
                original[key] = Clean(change);
                break;
        }
    }

    private static void DeleteFromList(JsonObject original, string key, JsonNode? deletions)
    {
        if (deletions is not JsonArray values || !PatchSchema.IsScalarList(values))
        {
            throw ApiErrors.BadRequest("invalid patch format of primitive list");
        }

        if (original[key] is not JsonArray live)
        {
            return;
        }

        foreach (JsonNode? item in live.ToArray())
        {
            if (values.Any(value => JsonNode.DeepEquals(value, item)))
            {
                live.Remove(item);
            }
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
