using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Namespaces;

/// <summary>Makes sure that the namespaces every Kubernetes cluster has are there, also after somebody deleted one.</summary>
internal sealed class SystemNamespacesController(ClusterContext cluster) : IController
{
    private static readonly ObjectKey[] Names =
    [
        ObjectKey.Cluster("default"),
        ObjectKey.Cluster("kube-system"),
        ObjectKey.Cluster("kube-public"),
        ObjectKey.Cluster("kube-node-lease"),
    ];

    public string Name => "system-namespaces";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        new(cluster.Kinds.Namespace, static change => change.After is null && Names.Contains(change.Current.Key) ? [change.Current.Key] : []),
    ];

    public IReadOnlyList<ObjectKey> FirstKeys => Names;

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (await cluster.Client.FindAsync(cluster.Kinds.Namespace, key, cancellationToken) is null)
        {
            var body = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = key.Name },
            };
            await cluster.Writer.CreateAsync(cluster.Kinds.Namespace, body, cancellationToken);
        }

        return ReconcileResult.Done;
    }
}
