using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;
using MiniPlane.Objects.Quotas;

namespace MiniPlane.Controllers.Quotas;

/// <summary>
/// Keeps <c>status.hard</c> and <c>status.used</c> of every ResourceQuota. Admission charges what is created; this counts anew whenever
/// something changes, so that what goes away is given back and an error never lasts.
/// </summary>
internal sealed class ResourceQuotaController(ClusterContext cluster) : IController
{
    /// <summary>Changes come in crowds; one count serves all of a moment.</summary>
    private static readonly TimeSpan FullCount = TimeSpan.FromMinutes(5);

    public string Name => "resourcequota-controller";

    public IReadOnlyList<ControllerWatch> Watches => [ControllerWatch.Self(cluster.Kinds.ResourceQuota)];

    public bool WatchesEveryKind => true;

    public IEnumerable<ObjectKey> KeysOf(ObjectChange change)
    {
        string space = change.Current.Metadata.Namespace;
        if (space.Length == 0 || change.Kind.Plural == "resourcequotas" || !ChangesUsage(change))
        {
            return [];
        }

        string resource = NameOf(change.Kind);
        return cluster.Informers.For(cluster.Kinds.ResourceQuota).InNamespace(space)
            .Where(quota => (quota.ToJson().Object("spec", "hard") ?? []).Any(limit => QuotaUsage.ResourceOf(limit.Key) == resource))
            .Select(quota => quota.Key);
    }

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (await cluster.Client.FindAsync(cluster.Kinds.ResourceQuota, key, cancellationToken) is not { } quota)
        {
            return ReconcileResult.Done;
        }

        JsonNode? spec = quota.ToJson()["spec"];
        JsonObject hard = spec.Object("hard") ?? [];
        var used = new JsonObject();
        foreach (IGrouping<string, string> group in hard.Select(limit => limit.Key)
            .GroupBy(name => QuotaUsage.ResourceOf(name) ?? "", StringComparer.Ordinal))
        {
            IReadOnlyDictionary<string, Quantity> sum = Sum(group.Key, key.Namespace, spec);
            foreach (string name in group)
            {
                used[name] = sum.GetValueOrDefault(name).ToString();
            }
        }

        await cluster.Writer.UpdateStatusAsync(
            cluster.Kinds.ResourceQuota,
            quota,
            status =>
            {
                status["hard"] = hard.DeepClone();
                status["used"] = used;
            },
            cancellationToken);
        return ReconcileResult.After(FullCount);
    }

    private static string NameOf(KindDefinition kind) => kind.Group.Length == 0 ? kind.Plural : $"{kind.Plural}.{kind.Group}";

    /// <summary>Objects come and go; of those that stay only pods, services and claims use more or less than before.</summary>
    private static bool ChangesUsage(ObjectChange change) =>
        change.Before is null || change.After is null
        || change.Kind is { Group: "", Plural: "pods" or "services" or "persistentvolumeclaims" };

    private Dictionary<string, Quantity> Sum(string resource, string space, JsonNode? spec)
    {
        Dictionary<string, Quantity> sum = new(StringComparer.Ordinal);
        KindDefinition? kind = cluster.Client.Catalogue.Kinds.FirstOrDefault(kind => kind.IsNamespaced && NameOf(kind) == resource);
        if (kind is null || cluster.Informers.Find(kind) is not { } informer)
        {
            return sum;
        }

        foreach (ObjectDocument document in informer.InNamespace(space))
        {
            JsonObject json = document.ToJson();
            if (!QuotaScopes.Match(spec, resource, json))
            {
                continue;
            }

            foreach ((string name, Quantity amount) in QuotaUsage.Of(kind, json, cluster.Now))
            {
                sum[name] = sum.GetValueOrDefault(name) + amount;
            }
        }

        return sum;
    }
}
