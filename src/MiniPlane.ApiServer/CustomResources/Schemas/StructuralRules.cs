using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>
/// What makes an <c>openAPIV3Schema</c> structural and sound (apiextensions-apiserver/pkg/apiserver/schema/validation.go and
/// pkg/apis/apiextensions/validation), with upstream's wording.
/// </summary>
internal static class StructuralRules
{
    private const int DeepestNesting = 100;
    private const string NotStructural = "must be empty to be structural";

    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];

    // Words of JSON schema that structural schemas do not have.
    private static readonly string[] Forbidden = ["$ref", "definitions", "dependencies", "id", "$schema", "patternProperties", "additionalItems"];

    // Words that say what a place holds and so may not stand inside allOf, anyOf, oneOf and not.
    private static readonly string[] Generic =
        ["additionalProperties", "default", "description", "nullable", "title", "type", "x-kubernetes-embedded-resource", "x-kubernetes-list-map-keys", "x-kubernetes-list-type", "x-kubernetes-map-type", "x-kubernetes-preserve-unknown-fields"];

    private static readonly string[] Combinations = ["allOf", "anyOf", "oneOf"];

    public static void Check(JsonObject schema, string path, FieldErrors errors) => Place(schema, path, PlaceKind.Root, 0, errors);

    private enum PlaceKind
    {
        Root,
        Field,
        Items,
    }

    private static void Place(JsonObject schema, string path, PlaceKind place, int depth, FieldErrors errors)
    {
        if (depth > DeepestNesting)
        {
            errors.Forbidden(path, "the schema is nested too deeply");
            return;
        }

        CheckType(schema, path, place, errors);
        CheckWords(schema, path, errors);
        CheckExtensions(schema, path, place, errors);
        ListRules.Check(schema, path, errors);
        foreach (string word in Combinations)
        {
            foreach ((JsonObject part, string below) in Checks.Items(schema, word, path))
            {
                Part(part, schema, below, word, depth + 1, errors);
            }
        }

        if (schema.Object("not") is { } not)
        {
            Part(not, schema, $"{path}.not", "not", depth + 1, errors);
        }

        Children(schema, path, depth, errors);
        if (place == PlaceKind.Root)
        {
            CheckMetadata(schema, path, errors);
        }
    }

    private static void Children(JsonObject schema, string path, int depth, FieldErrors errors)
    {
        foreach ((string name, JsonNode? property) in schema.Object("properties") ?? [])
        {
            Place(property as JsonObject ?? [], $"{path}.properties[{name}]", PlaceKind.Field, depth + 1, errors);
        }

        if (schema.Object("additionalProperties") is { } map)
        {
            Place(map, $"{path}.additionalProperties", PlaceKind.Field, depth + 1, errors);
        }

        switch (schema["items"])
        {
            case JsonObject items:
                Place(items, $"{path}.items", PlaceKind.Items, depth + 1, errors);
                break;
            case JsonArray:
                errors.Forbidden($"{path}.items", "items must be a schema object and not an array");
                break;
            default:
                break;
        }
    }

    private static void CheckType(JsonObject schema, string path, PlaceKind place, FieldErrors errors)
    {
        string type = schema.TextOrEmpty("type");
        bool isFree = schema.Flag("x-kubernetes-preserve-unknown-fields") == true;
        bool isIntOrString = schema.Flag("x-kubernetes-int-or-string") == true;
        if (type.Length == 0 && place == PlaceKind.Root)
        {
            errors.Required($"{path}.type", "must not be empty at the root");
        }
        else if (type.Length > 0 && place == PlaceKind.Root && type != "object")
        {
            errors.Invalid($"{path}.type", type, "must be object at the root");
        }
        else if (type.Length == 0 && !isFree && !isIntOrString)
        {
            errors.Required($"{path}.type", place == PlaceKind.Items ? "must not be empty for specified array items" : "must not be empty for specified object fields");
        }
        else if (type.Length > 0 && isIntOrString)
        {
            errors.Invalid($"{path}.type", type, "must be empty if x-kubernetes-int-or-string is true");
        }
        else if (type.Length > 0 && !Types.Contains(type, StringComparer.Ordinal))
        {
            errors.NotSupported($"{path}.type", type, Types);
        }

        if (type == "array" && !schema.Has("items"))
        {
            errors.Required($"{path}.items", "must be specified");
        }
    }

    private static void CheckWords(JsonObject schema, string path, FieldErrors errors)
    {
        foreach (string word in Forbidden)
        {
            if (schema.Has(word) && !(schema[word] is JsonObject { Count: 0 }))
            {
                errors.Forbidden($"{path}.{word}", word == "$ref" ? "$ref is not supported" : $"{word} is not supported");
            }
        }

        if (schema.Flag("uniqueItems") == true)
        {
            errors.Forbidden($"{path}.uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }

        if (schema.Flag("additionalProperties") == false)
        {
            errors.Forbidden($"{path}.additionalProperties", "additionalProperties cannot be set to false");
        }

        if (schema.Has("additionalProperties") && schema.Object("properties") is { Count: > 0 })
        {
            errors.Forbidden($"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive");
        }

        string pattern = schema.TextOrEmpty("pattern");
        if (pattern.Length > 0 && SchemaReader.Compile(pattern) is null)
        {
            errors.Invalid($"{path}.pattern", pattern, "must be a valid regular expression, but isn't: error parsing regexp");
        }
    }

    private static void CheckExtensions(JsonObject schema, string path, PlaceKind place, FieldErrors errors)
    {
        if (schema.Flag("x-kubernetes-embedded-resource") == true)
        {
            if (schema.Flag("x-kubernetes-preserve-unknown-fields") != true && schema.Object("properties") is not { Count: > 0 })
            {
                errors.Required($"{path}.properties", "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields");
            }

            if (schema.Text("type") is { Length: > 0 } type && type != "object")
            {
                errors.Invalid($"{path}.type", type, "must be object if x-kubernetes-embedded-resource is true");
            }
        }

        if (schema.Flag("x-kubernetes-preserve-unknown-fields") == false)
        {
            errors.Invalid($"{path}.x-kubernetes-preserve-unknown-fields", false, "must be true or undefined");
        }

        if (place == PlaceKind.Root && schema.Flag("nullable") == true)
        {
            errors.Forbidden($"{path}.nullable", "nullable cannot be true at the root");
        }

        if (schema.Text("x-kubernetes-map-type") is { } mapType)
        {
            if (mapType is not ("atomic" or "granular"))
            {
                errors.NotSupported($"{path}.x-kubernetes-map-type", mapType, ["atomic", "granular"]);
            }

            if (schema.Text("type") is { Length: > 0 } type && type != "object")
            {
                errors.Invalid($"{path}.type", type, "must be object if x-kubernetes-map-type is specified");
            }
        }
    }

    // Only name and generateName of the object itself can be restricted.
    private static void CheckMetadata(JsonObject schema, string path, FieldErrors errors)
    {
        JsonObject? metadata = schema.Object("properties", "metadata");
        if (metadata is null)
        {
            return;
        }

        if (metadata.Text("type") is { Length: > 0 } type && type != "object")
        {
            errors.Invalid($"{path}.properties[metadata].type", type, "must be object");
        }

        bool hasMore = (metadata.Object("properties") ?? []).Any(property => property.Key is not ("name" or "generateName"))
            || metadata.Any(word => word.Key is not ("type" or "properties" or "description" or "x-kubernetes-validations"));
        if (hasMore)
        {
            errors.Forbidden(
                $"{path}.properties[metadata]", "must not specify anything other than name and generateName, but metadata is implicitly specified");
        }
    }

    // What stands inside a combination only restricts places that the schema around it describes.
    private static void Part(JsonObject part, JsonObject around, string path, string word, int depth, FieldErrors errors)
    {
        bool isIntOrString = around.Flag("x-kubernetes-int-or-string") == true && word is "anyOf" or "allOf";
        foreach (string generic in Generic)
        {
            if (part.Has(generic) && !(generic == "type" && isIntOrString))
            {
                errors.Forbidden($"{path}.{generic}", NotStructural);
            }
        }

        if (depth > DeepestNesting)
        {
            return;
        }

        foreach ((string name, JsonNode? property) in part.Object("properties") ?? [])
        {
            JsonObject? known = around.Object("properties", name);
            if (known is null && !around.Has("additionalProperties"))
            {
                errors.Required(
                    string.Create(CultureInfo.InvariantCulture, $"{Outer(path, word)}.properties[{name}]"),
                    $"because it is defined in {path}.properties[{name}]");
            }

            Part(property as JsonObject ?? [], known ?? around.Object("additionalProperties") ?? [], $"{path}.properties[{name}]", word, depth + 1, errors);
        }

        if (part.Object("items") is { } items)
        {
            Part(items, around.Object("items") ?? [], $"{path}.items", word, depth + 1, errors);
        }

        foreach (string combination in Combinations)
        {
            foreach ((JsonObject inner, string below) in Checks.Items(part, combination, path))
            {
                Part(inner, around, below, combination, depth + 1, errors);
            }
        }
    }

    private static string Outer(string path, string word)
    {
        int at = path.LastIndexOf("." + word, StringComparison.Ordinal);
        return at < 0 ? path : path[..at];
    }
}
