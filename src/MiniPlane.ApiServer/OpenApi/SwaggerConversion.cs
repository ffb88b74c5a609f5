using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>An OpenAPI 2 document as one of version 3 (k8s.io/kube-openapi, pkg/openapiconv): the same operations and schemas in other places.</summary>
internal static class SwaggerConversion
{
    private const string OldReference = "#/definitions/";
    private const string NewReference = "#/components/schemas/";

    // What a parameter says of its value stands in a schema of its own in version 3.
    private static readonly string[] ValueWords =
    [
        "type", "format", "items", "default", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern",
        "maxItems", "minItems", "uniqueItems", "enum", "multipleOf",
    ];

    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch"];

    private static readonly string[] Json = ["application/json"];

    /// <param name="document">The paths and definitions.</param>
    /// <param name="info">Its head, if it has one.</param>
    public static JsonObject ToV3(JsonObject document, JsonNode? info)
    {
        var paths = new JsonObject();
        foreach ((string path, JsonNode? value) in document.Object("paths") ?? [])
        {
            paths[path] = PathItem(value as JsonObject ?? []);
        }

        var schemas = new JsonObject();
        foreach ((string name, JsonNode? value) in document.Object("definitions") ?? [])
        {
            schemas[name] = Schema(value);
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = info?.DeepClone() ?? new JsonObject { ["title"] = "Kubernetes", ["version"] = "unversioned" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static JsonObject PathItem(JsonObject item)
    {
        var made = new JsonObject();
        foreach ((string name, JsonNode? value) in item)
        {
            made[name] = value is JsonObject operation && Methods.Contains(name, StringComparer.Ordinal) ? Operation(operation)
                : name == "parameters" ? Parameters(item)
                : value?.DeepClone();
        }

        return made;
    }

    private static JsonObject Operation(JsonObject operation)
    {
        string[] produces = MediaTypes(operation, "produces");
        var made = new JsonObject();
        foreach ((string name, JsonNode? value) in operation)
        {
            if (name is "consumes" or "produces" or "schemes")
            {
                continue;
            }

            made[name] = name switch
            {
                "parameters" => Parameters(operation),
                "responses" => Responses(value as JsonObject ?? [], produces),
                _ => value?.DeepClone(),
            };
        }

        if (operation.Objects("parameters").FirstOrDefault(one => one.Text("in") == "body") is { } body)
        {
            made["requestBody"] = RequestBody(body, MediaTypes(operation, "consumes"));
        }

        return made;
    }

    private static string[] MediaTypes(JsonObject operation, string name)
    {
        string[] types = [.. (operation.Array(name) ?? []).Select(type => type?.GetValue<string>() ?? "")];
        return types.Length > 0 ? types : Json;
    }

    private static JsonArray Parameters(JsonObject owner)
    {
        var made = new JsonArray();
        foreach (JsonObject parameter in owner.Objects("parameters").Where(one => one.Text("in") is not ("body" or "formData")))
        {
            var schema = new JsonObject();
            var result = new JsonObject();
            foreach ((string name, JsonNode? value) in parameter)
            {
                (ValueWords.Contains(name, StringComparer.Ordinal) ? schema : result)[name] = Schema(value);
            }

            result.Remove("collectionFormat");
            if (schema.Count > 0)
            {
                result["schema"] = schema;
            }

            made.Add((JsonNode)result);
        }

        return made;
    }

    private static JsonObject RequestBody(JsonObject parameter, string[] consumes)
    {
        var made = new JsonObject { ["content"] = Content(parameter["schema"], consumes) };
        foreach ((string name, JsonNode? value) in parameter)
        {
            if (name is "description" or "required" || name.StartsWith("x-", StringComparison.Ordinal))
            {
                made[name] = value?.DeepClone();
            }
        }

        return made;
    }

    private static JsonObject Responses(JsonObject responses, string[] produces)
    {
        var made = new JsonObject();
        foreach ((string code, JsonNode? value) in responses)
        {
            var response = (JsonObject)Schema(value as JsonObject ?? []);
            if (response.Remove("schema", out JsonNode? schema))
            {
                response["content"] = Content(schema, produces);
            }

            // Headers are described in another way in version 3, and no Kubernetes server describes any.
            response.Remove("headers");
            made[code] = response;
        }

        return made;
    }

    private static JsonObject Content(JsonNode? schema, string[] types)
    {
        var made = new JsonObject();
        foreach (string type in types)
        {
            made[type] = new JsonObject { ["schema"] = Schema(schema ?? new JsonObject()) };
        }

        return made;
    }

    private static JsonNode? Schema(JsonNode? given)
    {
        JsonNode? made = given?.DeepClone();
        Redirect(made);
        return made;
    }

    private static JsonNode Schema(JsonObject given)
    {
        JsonNode made = given.DeepClone();
        Redirect(made);
        return made;
    }

    private static void Redirect(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (JsonNode? item in list)
            {
                Redirect(item);
            }

            return;
        }

        if (node is not JsonObject map)
        {
            return;
        }

        if (map.Text("$ref") is { } target && target.StartsWith(OldReference, StringComparison.Ordinal))
        {
            map["$ref"] = NewReference + target[OldReference.Length..];
        }

        foreach ((string _, JsonNode? below) in map)
        {
            Redirect(below);
        }
    }
}
