using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Accounts;

/// <summary>Keeps a ServiceAccount <c>default</c> in every namespace.</summary>
internal sealed class ServiceAccountController(ClusterContext cluster) : IController
{
    private const string Account = "default";

    public string Name => "service-account-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(cluster.Kinds.Namespace),
        new(cluster.Kinds.ServiceAccount, static change =>
            change is { After: null, Current.Metadata.Name: Account } ? [ObjectKey.Cluster(change.Current.Metadata.Namespace)] : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var account = new ObjectKey(key.Name, Account);
        if (cluster.Informers.For(cluster.Kinds.Namespace).Find(key) is not { Metadata.IsBeingDeleted: false }
            || cluster.Informers.For(cluster.Kinds.ServiceAccount).Find(account) is not null)
        {
            return ReconcileResult.Done;
        }

        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ServiceAccount",
            ["metadata"] = new JsonObject { ["name"] = Account, ["namespace"] = key.Name },
        };
        await cluster.Writer.CreateAsync(cluster.Kinds.ServiceAccount, body, cancellationToken);
        return ReconcileResult.Done;
    }
}
