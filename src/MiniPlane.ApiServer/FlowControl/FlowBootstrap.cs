using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.ApiServer.FlowControl;

/// <summary>
/// Stores the default flow schemas and priority levels, puts them back when someone deletes them, keeps those up to date that nobody
/// made his own (<c>apf.kubernetes.io/autoupdate-spec</c>), and says of each schema whether its level exists.
/// </summary>
internal sealed class FlowBootstrap(IClusterClient cluster, ILogger<FlowBootstrap> logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    private const string ApiVersion = "flowcontrol.apiserver.k8s.io/v1";
    private const string AutoUpdate = "apf.kubernetes.io/autoupdate-spec";
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Several changes at once, as of one kubectl apply, are one round.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach ((string name, JsonObject spec) in FlowDefaults.Levels)
        {
            await EnsureAsync(BuiltInKinds.PriorityLevelConfiguration, name, spec, cancellationToken);
        }

        foreach ((string name, JsonObject spec) in FlowDefaults.Schemas)
        {
            await EnsureAsync(BuiltInKinds.FlowSchema, name, spec, cancellationToken);
        }

        ObjectList levels = await cluster.ListAsync(BuiltInKinds.PriorityLevelConfiguration, ListQuery.All, cancellationToken);
        ObjectList schemas = await cluster.ListAsync(BuiltInKinds.FlowSchema, ListQuery.All, cancellationToken);
        foreach (ObjectDocument schema in schemas.Items)
        {
            await TellAsync(schema, cancellationToken);
        }

        await Task.Delay(Gathering, Time, cancellationToken);
        await ChangeAsync(levels.Revision, schemas.Revision, cancellationToken);
    }

    /// <summary>Until a level or a schema changes, or the interval is over.</summary>
    private async Task ChangeAsync(long levels, long schemas, CancellationToken cancellationToken)
    {
        using CancellationTokenSource interval = new(Interval, Time);
        using var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interval.Token);
        Task[] changes =
        [
            ChangeAsync(BuiltInKinds.PriorityLevelConfiguration, levels, round.Token),
            ChangeAsync(BuiltInKinds.FlowSchema, schemas, round.Token),
        ];
        await Task.WhenAny(changes);
        await round.CancelAsync();
        await Task.WhenAll(changes);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task ChangeAsync(KindDefinition kind, long revision, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ClusterEvent change in cluster.WatchAsync(kind, ListQuery.All, revision, cancellationToken))
            {
                if (change.Document is not null)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The round is over.
        }
        catch (ApiException error) when (error.Reason == "Expired")
        {
            // So much has changed that nobody remembers all of it.
        }
    }

    private async Task EnsureAsync(KindDefinition kind, string name, JsonObject spec, CancellationToken cancellationToken)
    {
        try
        {
            if (await cluster.FindAsync(kind, ObjectKey.Cluster(name), cancellationToken) is { } found)
            {
                await RefreshAsync(kind, found, spec, cancellationToken);
                return;
            }

            var body = new JsonObject
            {
                ["apiVersion"] = ApiVersion,
                ["kind"] = kind.Kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = new JsonObject { [AutoUpdate] = "true" } },
                ["spec"] = spec,
            };
            await cluster.CreateAsync(kind, body, cancellationToken);
        }
        catch (ApiException error) when (error.Reason is "AlreadyExists" or "Conflict" or "NotFound")
        {
            // An administrator was faster; the next round looks again.
        }
    }

    private async Task RefreshAsync(KindDefinition kind, ObjectDocument found, JsonObject spec, CancellationToken cancellationToken)
    {
        JsonObject stored = found.ToJson();
        if (stored.Text("metadata", "annotations", AutoUpdate) != "true" || JsonNode.DeepEquals(stored["spec"], spec))
        {
            return;
        }

        var changed = (JsonObject)stored.DeepClone();
        changed["spec"] = spec;
        await cluster.UpdateAsync(kind, changed, null, cancellationToken);
    }

    private async Task TellAsync(ObjectDocument schema, CancellationToken cancellationToken)
    {
        JsonObject json = schema.ToJson();
        string level = json.TextOrEmpty("spec", "priorityLevelConfiguration", "name");
        bool isThere = await cluster.FindAsync(BuiltInKinds.PriorityLevelConfiguration, ObjectKey.Cluster(level), cancellationToken) is not null;
        string status = isThere ? "False" : "True";
        if (json.Objects("status", "conditions").Any(condition => condition.Text("type") == "Dangling" && condition.Text("status") == status))
        {
            return;
        }

        var condition = new JsonObject
        {
            ["type"] = "Dangling",
            ["status"] = status,
            ["lastTransitionTime"] = Timestamps.Text(Time.GetUtcNow()),
            ["reason"] = isThere ? "Found" : "NotFound",
            ["message"] = $"This FlowSchema references the PriorityLevelConfiguration object named \"{level}\" and "
                + (isThere ? "it exists" : "there is no such object"),
        };
        var patch = new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(condition) } };
        try
        {
            await cluster.PatchAsync(BuiltInKinds.FlowSchema, schema.Key, PatchType.StrategicMerge, patch, "status", cancellationToken);
        }
        catch (ApiException error) when (error.Reason is "Conflict" or "NotFound")
        {
            // It has changed or gone meanwhile; the next round looks again.
        }
    }
}
