using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources.Schemas;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>
/// Brings a body of a custom kind into form: metadata as of every object, the rest pruned and defaulted by the version's schema. Values of
/// the wrong type are left for validation, as upstream does with objects it has no Go type for.
/// </summary>
internal static class CustomDecoder
{
    private const int MostProblems = 100;

    // Only the metadata has a type; what else is there is none of this type's business.
    private static readonly TypeDefinition Head = NewHead();

    public static DecodedObject Decode(JsonObject body, KindDefinition kind, CustomResource custom, IEnumerable<string>? duplicates)
    {
        DecodedObject decoded = Prune(body, kind, custom, duplicates);
        SchemaDefaulting.Apply(decoded.Json, custom.Schema);
        return decoded;
    }

    /// <summary>The same without defaults, for apply configurations.</summary>
    public static DecodedObject Prune(JsonObject body, KindDefinition kind, CustomResource custom, IEnumerable<string>? duplicates)
    {
        DecodedObject decoded;
        try
        {
            decoded = ObjectDecoder.Decode(body, Head, duplicates);
        }
        catch (ApiException wrong) when (wrong.Reason == "BadRequest")
        {
            throw ObjectDecoder.CannotBeHandled(kind, wrong.Message);
        }

        List<string> dropped = [];
        DecodeEmbedded(decoded.Json, custom.Schema, "", kind, dropped);
        SchemaPruning.Prune(decoded.Json, custom.Schema, dropped);
        return decoded with { Problems = [.. decoded.Problems, .. dropped.Take(MostProblems).Select(path => $"unknown field \"{path}\"")] };
    }

    // The metadata of whole objects inside the object is metadata, too; what makes no sense there is left for validation.
    private static void DecodeEmbedded(JsonNode? value, StructuralSchema schema, string path, KindDefinition kind, List<string> dropped)
    {
        if (!schema.HasEmbeddedResources)
        {
            return;
        }

        switch (value)
        {
            case JsonObject map:
                if (schema.IsEmbeddedResource && map["metadata"] is JsonObject)
                {
                    DecodeHead(map, path, kind, dropped);
                }

                foreach ((string name, JsonNode? below) in map)
                {
                    if (schema.Property(name) is { } property)
                    {
                        DecodeEmbedded(below, property, SchemaWords.Join(path, name), kind, dropped);
                    }
                }

                break;
            case JsonArray list when schema.Items is { } items:
                for (int at = 0; at < list.Count; at++)
                {
                    DecodeEmbedded(list[at], items, string.Create(CultureInfo.InvariantCulture, $"{path}[{at}]"), kind, dropped);
                }

                break;
            default:
                break;
        }
    }

    private static void DecodeHead(JsonObject resource, string path, KindDefinition kind, List<string> dropped)
    {
        const string Unknown = "unknown field \"";
        try
        {
            foreach (string problem in ObjectDecoder.Decode(resource, Head).Problems)
            {
                dropped.Add(SchemaWords.Join(path, problem[Unknown.Length..^1]));
            }
        }
        catch (ApiException wrong) when (wrong.Reason == "BadRequest")
        {
            throw ObjectDecoder.CannotBeHandled(kind, wrong.Message);
        }
    }

    private static TypeDefinition NewHead()
    {
        BuiltInCatalogue catalogue = BuiltInCatalogue.Instance;
        TypeDefinition metadata = catalogue.FindType("meta.v1.ObjectMeta") ?? throw new InvalidOperationException("The catalogue has no ObjectMeta.");
        return new TypeDefinition(
            "unstructured.Unstructured",
            TypeForm.Object,
            "",
            () => [new FieldDefinition { Name = "metadata", Type = metadata }])
        {
            PreservesUnknownFields = true,
        };
    }
}
