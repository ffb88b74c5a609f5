using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>
/// Stores the bootstrap roles at start, and keeps the rules of aggregated ClusterRoles equal to the union of those they select
/// (pkg/controller/clusterroleaggregation).
/// </summary>
internal sealed class RbacPolicyLoop(IClusterClient cluster, ILogger<RbacPolicyLoop> logger, TimeProvider time)
    : BackgroundLoop(logger, time), IHealthCheck
{
    private const string ApiVersion = "rbac.authorization.k8s.io/v1";
    private const string AutoUpdate = "rbac.authorization.kubernetes.io/autoupdate";

    private volatile bool _isBootstrapped;

    public string Name => "poststarthook/rbac/bootstrap-roles";

    public bool IsForLiveness => true;

    public string? Problem() => _isBootstrapped ? null : "not yet finished";

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await BootstrapAsync(Kind("ClusterRole"), BootstrapRoles.ClusterRoles(), cancellationToken);
        await BootstrapAsync(Kind("ClusterRoleBinding"), BootstrapRoles.ClusterRoleBindings(), cancellationToken);
        KindDefinition kind = Kind("ClusterRole");
        ObjectList roles = await cluster.ListAsync(kind, ListQuery.All, cancellationToken);
        await AggregateAsync(kind, cancellationToken);
        _isBootstrapped = true;
        await foreach (ClusterEvent _ in cluster.WatchAsync(kind, ListQuery.All, roles.Revision, cancellationToken))
        {
            await AggregateAsync(kind, cancellationToken);
        }
    }

    private KindDefinition Kind(string name) => cluster.Catalogue.FindKind(ApiVersion, name)
        ?? throw new InvalidOperationException($"the catalogue has no {name}");

    private async Task BootstrapAsync(KindDefinition kind, IEnumerable<JsonObject> objects, CancellationToken cancellationToken)
    {
        foreach (JsonObject wanted in objects)
        {
            var key = ObjectKey.Cluster(wanted.TextOrEmpty("metadata", "name"));
            if (await cluster.FindAsync(kind, key, cancellationToken) is { } found)
            {
                await CompleteAsync(kind, found, wanted, cancellationToken);
                continue;
            }

            try
            {
                await cluster.CreateAsync(kind, wanted, cancellationToken);
            }
            catch (ApiException error) when (error.Reason == "AlreadyExists")
            {
                // Made by someone else between the look and the write.
            }
        }
    }

    // Rules that a newer version brings are added; what an administrator added stays; a role marked otherwise is left alone.
    private async Task CompleteAsync(
        KindDefinition kind, ObjectDocument found, JsonObject wanted, CancellationToken cancellationToken)
    {
        if (found.Metadata.Annotations.GetValueOrDefault(AutoUpdate) != "true" || wanted["rules"] is null)
        {
            return;
        }

        JsonObject role = found.ToJson();
        JsonArray rules = role.EnsureArray("rules");
        int before = rules.Count;
        foreach (JsonObject rule in wanted.Objects("rules"))
        {
            if (!rules.Any(known => known.SameAs(rule)))
            {
                rules.Add(rule.DeepClone());
            }
        }

        if (rules.Count > before)
        {
            var patch = new JsonObject { ["rules"] = rules.DeepClone() };
            await cluster.PatchAsync(kind, found.Key, PatchType.Merge, patch, null, cancellationToken);
        }
    }

    private async Task AggregateAsync(KindDefinition kind, CancellationToken cancellationToken)
    {
        ObjectList roles = await cluster.ListAsync(kind, ListQuery.All, cancellationToken);
        foreach (ObjectDocument role in roles.Items)
        {
            if (role.As(RbacJson.Default.RoleView).AggregationRule?.ClusterRoleSelectors is not { } selectors)
            {
                continue;
            }

            JsonArray rules = Union(role, roles, [.. selectors.Select(LabelSelectorParser.FromJson)]);
            JsonObject current = role.ToJson();
            if (!rules.SameAs(current.Array("rules") ?? []))
            {
                var patch = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["resourceVersion"] = role.ResourceVersion },
                    ["rules"] = rules,
                };
                await cluster.PatchAsync(kind, role.Key, PatchType.Merge, patch, null, cancellationToken);
            }
        }
    }

    private static JsonArray Union(ObjectDocument role, ObjectList roles, LabelSelector[] selectors)
    {
        var rules = new JsonArray();
        foreach (ObjectDocument other in roles.Items)
        {
            if (other.Metadata.Name == role.Metadata.Name
                || !Array.Exists(selectors, selector => selector.Matches(other.Metadata.Labels)))
            {
                continue;
            }

            foreach (JsonObject rule in other.ToJson().Objects("rules"))
            {
                if (!rules.Any(known => known.SameAs(rule)))
                {
                    rules.Add(rule.DeepClone());
                }
            }
        }

        return rules;
    }
}
