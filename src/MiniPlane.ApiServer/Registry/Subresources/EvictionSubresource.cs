using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry.Subresources;

/// <summary>
/// pods/eviction: deletes a pod on behalf of someone who makes room, if the pod's disruption budget allows it
/// (pkg/registry/core/pod/storage/eviction.go).
/// </summary>
internal sealed class EvictionSubresource(TimeProvider time) : ICreateSubresource
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
        if (body.TextOrEmpty("metadata", "name") is { Length: > 0 } name && name != key.Name)
        {
            throw ApiErrors.BadRequest("name in URL does not match name in Eviction object");
        }

        JsonObject? options = body.Object("deleteOptions");
        bool isDryRun = scope.DryRun || options.Texts("dryRun").Contains("All", StringComparer.Ordinal);
        ObjectDocument pod = registry.Access.Get(kind, key);
        DeleteQuery query = Query(options);
        await new EvictionBudget(registry, time).SpendAsync(pod, isDryRun, cancellationToken);
        if (!isDryRun)
        {
            await MarkAsync(registry, kind, key, cancellationToken);
        }

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

    private static DeleteQuery Query(JsonObject? options)
    {
        string? version = options.Text("preconditions", "resourceVersion");
        return new DeleteQuery
        {
            GracePeriodSeconds = options.Integer("gracePeriodSeconds"),
            Uid = options.Text("preconditions", "uid"),
            Revision = version is null ? null
                : long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out long revision) ? revision : -1,
            PropagationPolicy = options.Text("propagationPolicy"),
        };
    }

    // Whoever looks at the pod later sees why it went.
    private async ValueTask MarkAsync(ObjectRegistry registry, KindDefinition kind, ObjectKey key, CancellationToken cancellationToken)
    {
        var condition = new JsonObject
        {
            ["type"] = "DisruptionTarget",
            ["status"] = "True",
            ["reason"] = "EvictionByEvictionAPI",
            ["message"] = "Eviction API: evicting",
            ["lastTransitionTime"] = Timestamps.Text(time.GetUtcNow()),
        };
        var patch = new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(condition) } };
        await registry.PatchAsync(kind, key, PatchType.StrategicMerge, patch, "status", WriteScope.ForInternal(), cancellationToken);
    }
}
