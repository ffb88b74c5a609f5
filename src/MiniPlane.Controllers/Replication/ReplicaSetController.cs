using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Replication;

/// <summary>Keeps as many pods as a ReplicaSet asks for.</summary>
internal sealed class ReplicaSetController(ClusterContext cluster) : IController
{
    private readonly ReplicaReconciler _replicas =
        new(cluster, cluster.Kinds.ReplicaSet, "replicaset-controller", static document => document.AsReplicaSet());

    public string Name => "replicaset-controller";

    public IReadOnlyList<ControllerWatch> Watches => _replicas.Watches;

    public Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) =>
        _replicas.ReconcileAsync(key, cancellationToken);
}
