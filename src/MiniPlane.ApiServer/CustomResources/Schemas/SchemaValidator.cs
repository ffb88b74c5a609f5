using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>
/// Checks a value against its schema with the wording of kube-openapi's validator, as apiextensions-apiserver passes it on. A part that is
/// equal to what was stored before is not judged again (validation ratcheting).
/// </summary>
internal static class SchemaValidator
{
    // What upstream's nil path prints: errors of a combination of schemas name no field.
    private const string NoPath = "<nil>";

    /// <summary>Checks a whole object; <paramref name="old"/> is null for a new one.</summary>
    public static void Validate(JsonObject obj, JsonObject? old, StructuralSchema schema, FieldErrors errors)
    {
        Walk(obj, old is null ? default : new Before(old), schema, "", true, errors);
        ListUniqueness.Check(obj, old, schema, "", errors);
    }

    /// <summary>Checks a value on its own, as the default of a schema.</summary>
    public static void ValidateValue(JsonNode? value, StructuralSchema schema, string path, FieldErrors errors)
    {
        Walk(value, default, schema, path, false, errors);
        ListUniqueness.Check(value, null, schema, path, errors);
    }

    private static void Walk(JsonNode? value, Before before, StructuralSchema schema, string path, bool isRoot, FieldErrors errors)
    {
        if (before.Exists && value.SameAs(before.Value))
        {
            return;
        }

        if (value is null && schema.IsNullable)
        {
            return;
        }

        CheckType(value, schema, path, errors);
        switch (value)
        {
            case JsonObject map:
                WalkObject(map, before, schema, path, isRoot, errors);
                break;
            case JsonArray list:
                WalkList(list, before, schema, path, errors);
                break;
            case not null:
                ScalarRules.Check(value, schema, path, errors);
                break;
            default:
                break;
        }

        CheckEnum(value, schema, path, errors);
        CheckCombinations(value, schema, path, errors);
    }

    private static void CheckType(JsonNode? value, StructuralSchema schema, string path, FieldErrors errors)
    {
        string found = SchemaWords.TypeOf(value);
        if (schema.IsIntOrString)
        {
            if (found is not ("integer" or "string"))
            {
                errors.Invalid(NoPath, "", $"\"{path}\" must validate at least one schema (anyOf)");
                WrongType(path, found, "integer", errors);
            }
        }
        else if (schema.Type.Length > 0 && found != schema.Type && !(schema.Type == "number" && found == "integer"))
        {
            WrongType(path, found, schema.Type, errors);
        }
    }

    private static void WrongType(string path, string found, string wanted, FieldErrors errors) =>
        errors.TypeInvalid(path.Length == 0 ? NoPath : path, found, $"{path} in body must be of type {wanted}: \"{found}\"");

    private static void WalkObject(
        JsonObject map, Before before, StructuralSchema schema, string path, bool isRoot, FieldErrors errors)
    {
        ValueRules rules = schema.Rules;
        if (rules.MinProperties is { } least && map.Count < least)
        {
            errors.Invalid(path, map, $"{path} in body should have at least {least} properties");
        }

        if (rules.MaxProperties is { } most && map.Count > most)
        {
            errors.TooMany(path, map.Count, (int)most);
        }

        foreach (string name in rules.Required)
        {
            if (!map.ContainsKey(name))
            {
                errors.Required(SchemaWords.Join(path, name));
            }
        }

        if (schema.IsEmbeddedResource)
        {
            EmbeddedResources.Check(map, path, errors);
        }

        foreach ((string name, JsonNode? value) in map)
        {
            bool isHead = (isRoot || schema.IsEmbeddedResource) && name is "apiVersion" or "kind";
            if (!isHead && schema.Property(name) is { } property)
            {
                Walk(value, before.Below(name), property, SchemaWords.Join(path, name), false, errors);
            }
        }
    }

    private static void WalkList(JsonArray list, Before before, StructuralSchema schema, string path, FieldErrors errors)
    {
        ValueRules rules = schema.Rules;
        if (rules.MinItems is { } least && list.Count < least)
        {
            errors.Invalid(path, list.Count, $"{path} in body should have at least {least} items");
        }

        if (rules.MaxItems is { } most && list.Count > most)
        {
            errors.TooMany(path, list.Count, (int)most);
        }

        if (schema.Items is not { } items)
        {
            return;
        }

        for (int at = 0; at < list.Count; at++)
        {
            string below = string.Create(CultureInfo.InvariantCulture, $"{path}[{at}]");
            Walk(list[at], before.Item(schema, list[at]), items, below, false, errors);
        }
    }

    private static void CheckEnum(JsonNode? value, StructuralSchema schema, string path, FieldErrors errors)
    {
        if (schema.Rules.Enum is { } allowed && !allowed.Any(one => one.SameAs(value)))
        {
            string[] words = [.. allowed.Select(one => one.Text() ?? one.Compacted())];
            string shown = value.Text() is { } text ? $"\"{text}\"" : value.Compacted();
            errors.Add(
                "FieldValueNotSupported",
                $"Unsupported value: {shown}: supported values: {string.Join(", ", words.Order(StringComparer.Ordinal).Select(word => $"\"{word}\""))}",
                path);
        }
    }

    private static void CheckCombinations(JsonNode? value, StructuralSchema schema, string path, FieldErrors errors)
    {
        ValueRules rules = schema.Rules;
        if (rules.AnyOf.Count > 0)
        {
            FieldErrors[] results = [.. rules.AnyOf.Select(one => Try(value, one, path))];
            if (!Array.Exists(results, result => result.IsEmpty))
            {
                errors.Invalid(NoPath, "", $"\"{path}\" must validate at least one schema (anyOf)");
                Merge(results.MinBy(result => result.Causes.Count), errors);
            }
        }

        if (rules.OneOf.Count > 0)
        {
            FieldErrors[] results = [.. rules.OneOf.Select(one => Try(value, one, path))];
            int valid = results.Count(result => result.IsEmpty);
            if (valid != 1)
            {
                string found = valid == 0 ? "Found none valid" : $"Found {valid} valid alternatives";
                errors.Invalid(NoPath, "", $"\"{path}\" must validate one and only one schema (oneOf). {found}");
                Merge(valid == 0 ? results.MinBy(result => result.Causes.Count) : null, errors);
            }
        }

        if (rules.AllOf.Count > 0)
        {
            FieldErrors[] results = [.. rules.AllOf.Select(one => Try(value, one, path))];
            int valid = results.Count(result => result.IsEmpty);
            if (valid < results.Length)
            {
                errors.Invalid(NoPath, "", $"\"{path}\" must validate all the schemas (allOf){(valid == 0 ? ". None validated" : "")}");
            }

            foreach (FieldErrors result in results)
            {
                Merge(result, errors);
            }
        }

        if (rules.Not is { } not && Try(value, not, path).IsEmpty)
        {
            errors.Invalid(NoPath, "", $"\"{path}\" must not validate the schema (not)");
        }
    }

    private static FieldErrors Try(JsonNode? value, StructuralSchema schema, string path)
    {
        var errors = new FieldErrors();
        Walk(value, default, schema, path, false, errors);
        return errors;
    }

    private static void Merge(FieldErrors? from, FieldErrors errors)
    {
        foreach (StatusCause cause in from?.Causes ?? [])
        {
            errors.Add(cause.Reason, cause.Message, cause.Field);
        }
    }

    /// <summary>The value that was stored at the same place, as far as places can be told to be the same.</summary>
    private readonly struct Before(JsonNode? value)
    {
        public JsonNode? Value { get; } = value;

        public bool Exists { get; } = true;

        public Before Below(string name) =>
            Exists && Value is JsonObject map && map.TryGetPropertyValue(name, out JsonNode? below) ? new Before(below) : default;

        public Before Item(StructuralSchema schema, JsonNode? item) =>
            Exists && SchemaWords.SameItem(Value, schema, item) is { } found ? new Before(found) : default;
    }
}
