using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.Objects.Apply;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Patches;

namespace MiniPlane.ApiServer.Registry;

/// <summary>Applies a patch to the current object (in the version the client speaks), which it consumes.</summary>
internal static class ObjectPatches
{
    public static JsonObject Apply(KindDefinition kind, PatchType type, JsonObject current, JsonNode patch)
    {
        JsonNode? result = type switch
        {
            PatchType.Json => JsonPatch.ApplyTo(current, patch),
            PatchType.Merge => JsonMergePatch.ApplyTo(current, patch),
            PatchType.StrategicMerge => StrategicMergePatch.ApplyTo(current, patch, kind.Type),
            _ => throw ApiErrors.UnsupportedMediaType("an apply configuration cannot be used here"),
        };
        return result as JsonObject ?? throw ApiErrors.RejectedByServer();
    }

    /// <summary>
    /// Decodes the configuration of a server-side apply, without defaults: only what is written down is owned, zeros and nulls too. Takes
    /// over <paramref name="patch"/>.
    /// </summary>
    public static JsonObject ReadConfiguration(KindDefinition kind, ObjectKey key, JsonNode patch, WriteScope scope)
    {
        if (patch is not JsonObject body)
        {
            throw ApiErrors.BadRequest("error decoding YAML: the apply configuration is not an object");
        }

        if (body.TextOrEmpty("apiVersion") != kind.ApiVersion || body.TextOrEmpty("kind") != kind.Kind)
        {
            throw ApiErrors.BadRequest(
                $"the apply configuration must be of apiVersion \"{kind.ApiVersion}\" and kind \"{kind.Kind}\"");
        }

        if (body.Array("metadata", "managedFields") is { Count: > 0 })
        {
            throw ApiErrors.BadRequest("metadata.managedFields must be nil");
        }

        var custom = kind.Custom as CustomResource;
        DecodedObject decoded = custom is not null
            ? CustomDecoder.Prune((JsonObject)body.DeepClone(), kind, custom, scope.DuplicateFields)
            : ObjectDecoder.DecodeWhole(body, kind, scope.DuplicateFields);
        if (ConfigurationSchema.Problems(kind.Type, body, decoded.Problems) is { Count: > 0 } problems)
        {
            throw NotTyped(kind, key, problems);
        }

        DocumentRules.Report(kind, decoded, scope);
        JsonObject configuration = custom is not null ? ConfigurationSchema.WithEmpties(body, decoded.Json) : decoded.Json;
        JsonObject metadata = configuration.Ensure("metadata");
        if (metadata.TextOrEmpty("name").Length == 0)
        {
            metadata["name"] = key.Name;
        }

        if (key.Namespace.Length > 0 && metadata.TextOrEmpty("namespace").Length == 0)
        {
            metadata["namespace"] = key.Namespace;
        }

        return configuration;
    }

    // Whatever the field validation, an apply cannot say who owns a field that nobody knows (structuredmerge.go). Upstream answers 500
    // here, for want of a better error; the fault is the client's.
    private static ApiException NotTyped(KindDefinition kind, ObjectKey key, IReadOnlyList<string> problems)
    {
        string group = kind.Group.Length == 0 ? $"/{kind.Version}" : kind.ApiVersion;
        string text = problems.Count == 1 ? problems[0] : "errors:\n  " + string.Join("\n  ", problems);
        return ApiErrors.BadRequest($"failed to create typed patch object ({key.Namespace}/{key.Name}; {group}, Kind={kind.Kind}): {text}");
    }
}
