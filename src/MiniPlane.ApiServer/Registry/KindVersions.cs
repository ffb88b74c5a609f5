using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.Objects.Apply;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry;

/// <summary>All versions of a kind, those that are not served included: what managers of fields wrote in.</summary>
internal sealed class KindVersions(KindDefinition kind, StoreAccess access) : IVersionSource
{
    public TypeDefinition? FindType(string apiVersion) => Find(apiVersion)?.Type;

    public ValueTask<JsonObject> ConvertAsync(JsonObject obj, string apiVersion, CancellationToken cancellationToken)
    {
        if (obj.Text("apiVersion") == apiVersion)
        {
            return ValueTask.FromResult(obj);
        }

        // Who owns what is no matter of the versions, and may be most of the object.
        var copy = (JsonObject)obj.DeepClone();
        copy.Ensure("metadata").Remove("managedFields");
        return access.ConvertAsync(copy, Get(obj.TextOrEmpty("apiVersion")), Get(apiVersion), cancellationToken);
    }

    private KindDefinition Get(string apiVersion) =>
        Find(apiVersion) ?? throw new InvalidOperationException($"{kind.Kind} has no version {apiVersion}");

    private KindDefinition? Find(string apiVersion)
    {
        if (apiVersion == kind.ApiVersion)
        {
            return kind;
        }

        return kind.Custom is CustomResource custom
            ? custom.FindVersion(apiVersion)
            : access.Catalogue.FindKind(apiVersion, kind.Kind) is { Custom: null } other && access.StorageKind(other) == access.StorageKind(kind) ? other : null;
    }
}
