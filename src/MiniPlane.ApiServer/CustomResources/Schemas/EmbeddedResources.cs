using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>Whole objects inside an object must say what they are (apiextensions-apiserver/pkg/apiserver/schema/objectmeta).</summary>
internal static class EmbeddedResources
{
    public static void Check(JsonObject resource, string path, FieldErrors errors)
    {
        if (resource.TextOrEmpty("apiVersion").Length == 0)
        {
            errors.Required($"{path}.apiVersion", "must not be empty");
        }

        if (resource.TextOrEmpty("kind").Length == 0)
        {
            errors.Required($"{path}.kind", "must not be empty");
        }

        if (resource.TryGetPropertyValue("metadata", out JsonNode? metadata) && metadata is not JsonObject)
        {
            errors.Invalid($"{path}.metadata", metadata, "must be an object");
            return;
        }

        MetadataValidation.Labels(metadata.At("labels"), $"{path}.metadata.labels", errors);
        MetadataValidation.Annotations(metadata.At("annotations"), $"{path}.metadata.annotations", errors);
    }
}
