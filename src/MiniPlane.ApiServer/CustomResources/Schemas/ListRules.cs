using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>What <c>x-kubernetes-list-type</c> and <c>x-kubernetes-list-map-keys</c> ask of the schema around them.</summary>
internal static class ListRules
{
    public static void Check(JsonObject schema, string path, FieldErrors errors)
    {
        string? listType = schema.Text("x-kubernetes-list-type");
        string[] keys = [.. schema.Texts("x-kubernetes-list-map-keys")];
        if (keys.Length > 0 && listType is null)
        {
            errors.Required($"{path}.x-kubernetes-list-type", "must be map if x-kubernetes-list-map-keys is non-empty");
        }

        if (listType is null)
        {
            return;
        }

        if (listType is not ("atomic" or "set" or "map"))
        {
            errors.NotSupported($"{path}.x-kubernetes-list-type", listType, ["atomic", "map", "set"]);
        }

        if (schema.Text("type") is { } type && type != "array")
        {
            errors.Invalid($"{path}.type", type, "must be array if x-kubernetes-list-type is specified");
        }

        JsonObject? items = schema.Object("items");
        if (listType == "set" && items is not null)
        {
            CheckSet(items, path, errors);
        }

        if (listType == "map")
        {
            CheckMap(items, keys, path, errors);
        }
        else if (keys.Length > 0)
        {
            errors.Invalid($"{path}.x-kubernetes-list-type", listType, "must be map if x-kubernetes-list-map-keys is non-empty");
        }
    }

    private static void CheckSet(JsonObject items, string path, FieldErrors errors)
    {
        if (items.Flag("nullable") == true)
        {
            errors.Forbidden($"{path}.items.nullable", "cannot be nullable when x-kubernetes-list-type is set");
        }

        if (items.Text("type") == "object" && items.Text("x-kubernetes-map-type") != "atomic")
        {
            errors.Invalid($"{path}.items.x-kubernetes-map-type", items.TextOrEmpty("x-kubernetes-map-type"), "must be atomic as item of a list with x-kubernetes-list-type=set");
        }
    }

    private static void CheckMap(JsonObject? items, string[] keys, string path, FieldErrors errors)
    {
        if (keys.Length == 0)
        {
            errors.Required($"{path}.x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map");
        }

        if (items is null)
        {
            return;
        }

        if (items.Text("type") != "object")
        {
            errors.Invalid($"{path}.items.type", items.TextOrEmpty("type"), "must be object if parent array's x-kubernetes-list-type is map");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int at = 0; at < keys.Length; at++)
        {
            string field = string.Create(CultureInfo.InvariantCulture, $"{path}.x-kubernetes-list-map-keys[{at}]");
            string key = keys[at];
            if (!seen.Add(key))
            {
                errors.Duplicate(field, key);
            }

            if (items.Object("properties", key) is not { } property)
            {
                errors.Invalid(field, key, "entries must all be names of item properties");
                continue;
            }

            if (property.Text("type") is "array" or "object")
            {
                errors.Invalid($"{path}.items.properties[{key}].type", property.TextOrEmpty("type"), "must be a scalar type if parent array's x-kubernetes-list-type is map");
            }

            if (!property.Has("default") && !items.Texts("required").Contains(key, StringComparer.Ordinal))
            {
                errors.Required($"{path}.items.properties[{key}].default", "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property");
            }

            if (property.Flag("nullable") == true)
            {
                errors.Forbidden($"{path}.items.properties[{key}].nullable", "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
            }
        }
    }
}
