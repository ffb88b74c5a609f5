using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>
/// The schema of a custom kind as it is published: what its author wrote, with the fields of every object, and in OpenAPI 2 without what that
/// cannot say (apiextensions-apiserver/pkg/controller/openapi/builder and openapi/v2).
/// </summary>
internal static class CustomSchemas
{
    private const string MetadataType = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
    private const string VersionText =
        "APIVersion defines the group and version of the schema that this object is written in. A server turns what it knows into what it keeps, and may refuse what it does not know.";

    private const string KindText = "The REST resource that this object represents. It cannot be changed; in CamelCase.";
    private const string MetadataText = "Standard object's metadata: name, namespace, labels, annotations, owners.";

    // Words of a schema that OpenAPI 2 has not, or that kubectl's check by OpenAPI 2 would take too literally.
    private static readonly string[] NotInV2 =
        ["anyOf", "oneOf", "allOf", "not", "nullable", "default", "x-kubernetes-validations"];

    public static JsonObject Published(CustomResource custom, KindDefinition kind, OpenApiFormat format)
    {
        JsonObject schema = format == OpenApiFormat.V2 ? ForV2(custom.Source) : (JsonObject)custom.Source.DeepClone();
        if (format == OpenApiFormat.V2 && IsFree(custom.Source))
        {
            // With any field named, not even those of every object, kubectl's check would refuse all others.
            schema = new JsonObject { ["type"] = "object" };
        }
        else
        {
            AddHead(schema, format);
        }

        schema["x-kubernetes-group-version-kind"] = new JsonArray(new JsonObject
        {
            ["group"] = kind.Group,
            ["kind"] = kind.Kind,
            ["version"] = kind.Version,
        });
        return schema;
    }

    private static void AddHead(JsonObject schema, OpenApiFormat format)
    {
        JsonObject properties = schema.Ensure("properties");
        properties["apiVersion"] = new JsonObject { ["description"] = VersionText, ["type"] = "string" };
        properties["kind"] = new JsonObject { ["description"] = KindText, ["type"] = "string" };
        properties["metadata"] = format == OpenApiFormat.V2
            ? new JsonObject { ["description"] = MetadataText, ["$ref"] = "#/definitions/" + MetadataType }
            : new JsonObject
            {
                ["description"] = MetadataText,
                ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/components/schemas/" + MetadataType }),
            };
    }

    private static JsonObject ForV2(JsonObject source)
    {
        var schema = new JsonObject();
        bool isFree = IsFree(source);
        bool isAnything = source.Flag("nullable") == true || source.Flag("x-kubernetes-int-or-string") == true;
        foreach ((string word, JsonNode? value) in source)
        {
            bool isLeftOut = NotInV2.Contains(word, StringComparer.Ordinal)
                || (isAnything && word == "type")
                || ((isFree || isAnything) && word is "properties" or "items" or "additionalProperties" or "required");
            if (!isLeftOut)
            {
                schema[word] = Converted(word, value);
            }
        }

        if (source.Flag("x-kubernetes-embedded-resource") == true && !isFree)
        {
            AddHead(schema, OpenApiFormat.V2);
        }

        return schema;
    }

    private static bool IsFree(JsonObject schema) => schema.Flag("x-kubernetes-preserve-unknown-fields") == true;

    private static JsonNode? Converted(string word, JsonNode? value)
    {
        switch (word, value)
        {
            case ("properties", JsonObject properties):
                var converted = new JsonObject();
                foreach ((string name, JsonNode? property) in properties)
                {
                    converted[name] = ForV2(property as JsonObject ?? []);
                }

                return converted;
            case ("items" or "additionalProperties", JsonObject inner):
                return ForV2(inner);
            default:
                return value?.DeepClone();
        }
    }
}
