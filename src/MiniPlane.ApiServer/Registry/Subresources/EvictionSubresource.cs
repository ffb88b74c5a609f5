using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry.Subresources;

/// <summary>pods/eviction: deletes a pod on behalf of someone who makes room.</summary>
internal sealed class EvictionSubresource : ICreateSubresource
{
    public bool Handles(KindDefinition kind, string subresource) => kind.IsPod() && subresource == "eviction";

    public async ValueTask<JsonObject> CreateAsync(
        ObjectRegistry registry,
        KindDefinition kind,
        ObjectKey key,
        JsonObject body,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        JsonObject? options = body.Object("deleteOptions");
        string? version = options.Text("preconditions", "resourceVersion");
        var query = new DeleteQuery
        {
            GracePeriodSeconds = options.Integer("gracePeriodSeconds"),
            Uid = options.Text("preconditions", "uid"),
            Revision = version is null ? null
                : long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long revision) ? revision : -1,
            PropagationPolicy = options.Text("propagationPolicy"),
        };
        bool isDryRun = scope.DryRun || options.Texts("dryRun").Contains("All", StringComparer.Ordinal);
        await registry.DeleteAsync(kind, key, query, scope with { DryRun = isDryRun }, cancellationToken);
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["code"] = 201,
        };
    }
}
