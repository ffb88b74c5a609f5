using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Networking;

/// <summary>
/// Keeps the ServiceCIDR <c>kubernetes</c>, which every cluster has, and says of each range that it is ready. No address is ever given
/// from one: services are headless here.
/// </summary>
internal sealed class ServiceRangeController(ClusterContext cluster) : IController
{
    private const string DefaultName = "kubernetes";
    private const string DefaultRange = "10.96.0.0/12";
    private const string Ready = "Ready";

    public string Name => "service-cidr-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(cluster.Kinds.ServiceRange),
        new(cluster.Kinds.Namespace, static change => change.Current.Metadata.Name == "default" ? [ObjectKey.Cluster(DefaultName)] : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        ObjectDocument? current = cluster.Informers.For(cluster.Kinds.ServiceRange).Find(key);
        if (current is null && key.Name == DefaultName)
        {
            current = await cluster.Writer.CreateAsync(cluster.Kinds.ServiceRange, Default(), cancellationToken);
        }

        if (current is { Metadata.IsBeingDeleted: false })
        {
            await cluster.Writer.UpdateStatusAsync(cluster.Kinds.ServiceRange, current, SayReady, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private static JsonObject Default() => new()
    {
        ["apiVersion"] = "networking.k8s.io/v1",
        ["kind"] = "ServiceCIDR",
        ["metadata"] = new JsonObject { ["name"] = DefaultName },
        ["spec"] = new JsonObject { ["cidrs"] = new JsonArray(DefaultRange) },
    };

    private void SayReady(JsonObject status)
    {
        if (status.Objects("conditions").Any(condition => condition.Text("type") == Ready && condition.Text("status") == "True"))
        {
            return;
        }

        status["conditions"] = new JsonArray(
        [
            .. status.Objects("conditions").Where(condition => condition.Text("type") != Ready).Select(condition => condition.DeepClone()),
            new JsonObject
            {
                ["type"] = Ready,
                ["status"] = "True",
                ["lastTransitionTime"] = ApiTime.Format(cluster.Now),
                ["reason"] = "",
                ["message"] = "Kubernetes Service CIDR is ready",
            },
        ]);
    }
}
