using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Accounts;

/// <summary>Keeps the cluster's CA certificate in ConfigMap <c>kube-root-ca.crt</c> of every namespace, for pods to trust.</summary>
internal sealed class RootAuthorityController(ClusterContext cluster, ClusterControllersOptions options) : IController
{
    private const string MapName = "kube-root-ca.crt";
    private const string Entry = "ca.crt";

    public string Name => "root-ca-certificate-publisher-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(cluster.Kinds.Namespace),
        new(cluster.Kinds.ConfigMap, static change => change.Current.Metadata.Name == MapName ? [ObjectKey.Cluster(change.Current.Metadata.Namespace)] : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (options.ClusterAuthorityPem is not { } pem
            || cluster.Informers.For(cluster.Kinds.Namespace).Find(key) is not { Metadata.IsBeingDeleted: false })
        {
            return ReconcileResult.Done;
        }

        var mapKey = new ObjectKey(key.Name, MapName);
        var data = new JsonObject { [Entry] = pem };
        ObjectDocument? current = cluster.Informers.For(cluster.Kinds.ConfigMap).Find(mapKey);
        if (current is null)
        {
            var body = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject
                {
                    ["name"] = MapName,
                    ["namespace"] = key.Name,
                    ["annotations"] = new JsonObject
                    {
                        ["kubernetes.io/description"] =
                            "The certificate authority of this cluster's API server, for clients inside the cluster.",
                    },
                },
                ["data"] = data,
            };
            await cluster.Writer.CreateAsync(cluster.Kinds.ConfigMap, body, cancellationToken);
        }
        else if (current.ToJson().Text("data", Entry) != pem)
        {
            await cluster.Writer.MergeAsync(
                cluster.Kinds.ConfigMap, mapKey, new JsonObject { ["data"] = data }, subresource: null, cancellationToken);
        }

        return ReconcileResult.Done;
    }
}
