using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Integration.Tests.Chaos;

/// <summary>
/// Objects that nobody touches after they are made, and that follow what happens to the others: a Service and a disruption budget for each
/// workload with pods that stay, and a quota over all. In the end they must have counted right.
/// </summary>
internal sealed class ChaosWatchers(IEnumerable<ChaosWorkload> workloads)
{
    private const string Core = "/api/v1/namespaces/default/";
    private const string Budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    private const string Slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

    private readonly string[] _names = [.. workloads.Where(workload => workload.HasReplicas || workload.Kind == "DaemonSet").Select(workload => workload.Name)];

    public async Task CreateAsync(SimulatedCluster cluster)
    {
        foreach (string name in _names)
        {
            await cluster.SendAsync(HttpMethod.Post, Core + "services", Make("v1", "Service", name, new JsonObject
            {
                ["selector"] = new JsonObject { ["app"] = name },
                ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }),
            }));
            await cluster.SendAsync(HttpMethod.Post, Budgets, Make("policy/v1", "PodDisruptionBudget", name, new JsonObject
            {
                ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = name } },
                ["minAvailable"] = 1,
            }));
        }

        await cluster.SendAsync(HttpMethod.Post, Core + "resourcequotas", Make("v1", "ResourceQuota", "all", new JsonObject
        {
            ["hard"] = new JsonObject { ["pods"] = "1000", ["count/jobs.batch"] = "1000", ["count/replicasets.apps"] = "1000", ["persistentvolumeclaims"] = "1000" },
        }));
    }

    /// <summary>What was counted wrongly; null when all is right.</summary>
    public async Task<string?> ComplaintAsync(SimulatedCluster cluster, ChaosWorld world)
    {
        IReadOnlyList<JsonObject> slices = await cluster.ListAsync(Slices);
        foreach (string name in _names)
        {
            string[] pods = [.. world.Pods.Where(pod => pod.Text("metadata", "labels", "app") == name).Select(ChaosWorld.Uid).Order(StringComparer.Ordinal)];
            JsonObject[] endpoints = [.. slices.Where(slice => slice.Text("metadata", "labels", "kubernetes.io/service-name") == name).SelectMany(slice => slice.Objects("endpoints"))];
            if (!endpoints.Select(endpoint => endpoint.TextOrEmpty("targetRef", "uid")).Order(StringComparer.Ordinal).SequenceEqual(pods, StringComparer.Ordinal)
                || endpoints.Any(endpoint => endpoint.Flag("conditions", "ready") != true))
            {
                return $"the slices of {name} do not have its {pods.Length} pods ready: {string.Join(' ', endpoints.Select(endpoint => endpoint.ToJsonString()))}";
            }

            JsonObject? classic = await cluster.SendAsync(HttpMethod.Get, $"{Core}endpoints/{name}");
            int addresses = classic.Objects("subsets").Sum(subset => subset.Objects("addresses").Count());
            if (addresses != pods.Length)
            {
                return $"the endpoints of {name} have {addresses} addresses for {pods.Length} pods";
            }

            JsonObject? budget = await cluster.SendAsync(HttpMethod.Get, $"{Budgets}/{name}");
            if (budget.Integer("status", "currentHealthy") != pods.Length || budget.Integer("status", "disruptionsAllowed") != Math.Max(0, pods.Length - 1))
            {
                return $"the budget of {name} counts {budget.At("status")?.ToJsonString()} for {pods.Length} pods";
            }
        }

        return await QuotaComplaintAsync(cluster, world);
    }

    private static async Task<string?> QuotaComplaintAsync(SimulatedCluster cluster, ChaosWorld world)
    {
        JsonObject? quota = await cluster.SendAsync(HttpMethod.Get, Core + "resourcequotas/all");
        (string What, int Count)[] counts =
        [
            ("pods", world.Pods.Count(pod => pod.Text("status", "phase") is not ("Succeeded" or "Failed"))),
            ("count/jobs.batch", world.Jobs.Count),
            ("count/replicasets.apps", world.ReplicaSets.Count),
            ("persistentvolumeclaims", world.Claims.Count),
        ];
        return counts.FirstOrDefault(count => quota.Text("status", "used", count.What) != count.Count.ToString(CultureInfo.InvariantCulture)) is { What: { } wrong, Count: var number }
            ? $"the quota counts {quota.At("status", "used")?.ToJsonString()}, but of {wrong} there are {number}"
            : null;
    }

    private static JsonObject Make(string apiVersion, string kind, string name, JsonObject spec) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = spec,
    };
}
