using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>
/// Keeps an APIService for each group and version that is served here, and tells of the others whether they can be had: looks after
/// each change and every half minute (kube-aggregator's autoregistration and availability controllers).
/// </summary>
internal sealed class ApiServiceLoop(
    IClusterClient cluster,
    AggregatedApis apis,
    AggregatedDiscovery discovery,
    AggregatedOpenApi schemas,
    KindCatalogue catalogue,
    ILogger<ApiServiceLoop> logger,
    TimeProvider time) : BackgroundLoop(logger, time)
{
    private const string Managed = "kube-aggregator.kubernetes.io/automanaged";
    private static readonly KindDefinition Kind = BuiltInKinds.APIService;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        long generation = -1;
        object? checkedSet = null;
        long checkedAt = 0;
        while (true)
        {
            if (catalogue.Generation != generation)
            {
                generation = catalogue.Generation;
                await RegisterAsync(cancellationToken);
            }

            if (!ReferenceEquals(apis.All, checkedSet) || Time.GetElapsedTime(checkedAt) > Interval)
            {
                checkedSet = apis.All;
                checkedAt = Time.GetTimestamp();
                foreach (AggregatedApi api in apis.All)
                {
                    await CheckAsync(api, cancellationToken);
                }
            }

            await Task.Delay(Pause, Time, cancellationToken);
        }
    }

    private async Task RegisterAsync(CancellationToken cancellationToken)
    {
        var served = catalogue.Kinds.Select(kind => (kind.Group, kind.Version)).ToHashSet();
        ObjectList list = await cluster.ListAsync(Kind, ListQuery.All, cancellationToken);
        HashSet<string> present = [.. list.Items.Select(document => document.Metadata.Name)];
        foreach ((string group, string version) in served)
        {
            string name = $"{version}.{group}";
            if (!present.Contains(name))
            {
                await TryAsync(() => cluster.CreateAsync(Kind, Local(name, group, version), cancellationToken));
                if (await cluster.FindAsync(Kind, ObjectKey.Cluster(name), cancellationToken) is { } made)
                {
                    await SetAsync(made, true, "Local", "Local APIServices are always available", cancellationToken);
                }
            }
        }

        // Those of custom kinds go with their kinds.
        foreach (ObjectDocument document in list.Items.Where(document => document.Metadata.Labels.ContainsKey(Managed)))
        {
            JsonObject json = document.ToJson();
            if (!json.Has("spec", "service") && !served.Contains((json.TextOrEmpty("spec", "group"), json.TextOrEmpty("spec", "version"))))
            {
                await cluster.DeleteAsync(Kind, document.Key, DeleteQuery.Default, cancellationToken);
            }
        }
    }

    private static JsonObject Local(string name, string group, string version) => new()
    {
        ["apiVersion"] = Kind.ApiVersion,
        ["kind"] = Kind.Kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [Managed] = "onstart" } },
        ["spec"] = group.Length == 0
            ? new JsonObject { ["version"] = version, ["groupPriorityMinimum"] = 18000, ["versionPriority"] = 1 }
            : new JsonObject { ["group"] = group, ["version"] = version, ["groupPriorityMinimum"] = 17800, ["versionPriority"] = 15 },
    };

    private async Task CheckAsync(AggregatedApi api, CancellationToken cancellationToken)
    {
        ApiServiceCheck check = await ApiServiceCheck.RunAsync(apis, api, Time, cancellationToken);
        if (check.Resources is { } resources)
        {
            discovery.Set(api, resources);
            await schemas.RefreshAsync(api, cancellationToken);
        }
        else
        {
            discovery.Forget(api);
            schemas.Forget(api);
        }

        if (await cluster.FindAsync(Kind, ObjectKey.Cluster(api.Name), cancellationToken) is { } document)
        {
            await SetAsync(document, check.IsAvailable, check.Reason, check.Message, cancellationToken);
        }
    }

    private async Task SetAsync(
        ObjectDocument document, bool isAvailable, string reason, string message, CancellationToken cancellationToken)
    {
        JsonObject json = document.ToJson();
        JsonArray conditions = json.Ensure("status").EnsureArray("conditions");
        JsonObject? before = conditions.OfType<JsonObject>().FirstOrDefault(one => one.Text("type") == "Available");
        string status = isAvailable ? "True" : "False";
        if (before.Text("status") == status && before.Text("reason") == reason && before.Text("message") == message)
        {
            return;
        }

        string since = before.Text("status") == status && before.Text("lastTransitionTime") is { } known
            ? known
            : Timestamps.Text(Time.GetUtcNow());
        if (before is not null)
        {
            conditions.Remove(before);
        }

        conditions.Add((JsonNode)new JsonObject
        {
            ["type"] = "Available",
            ["status"] = status,
            ["reason"] = reason,
            ["message"] = message,
            ["lastTransitionTime"] = since,
        });
        await TryAsync(() => cluster.UpdateAsync(Kind, json, "status", cancellationToken));
    }

    private static async Task TryAsync(Func<ValueTask<ObjectDocument>> write)
    {
        try
        {
            await write();
        }
        catch (ApiException error) when (error.Reason is "Conflict" or "NotFound" or "AlreadyExists")
        {
            // Someone else was faster; the next round sees what they did.
        }
    }
}
