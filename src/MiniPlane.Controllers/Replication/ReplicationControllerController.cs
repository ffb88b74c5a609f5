using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Replication;

/// <summary>Keeps as many pods as a ReplicationController asks for: a ReplicaSet of the first days, with a plain map as its selector.</summary>
internal sealed class ReplicationControllerController(ClusterContext cluster) : IController
{
    private readonly ReplicaReconciler _replicas =
        new(cluster, cluster.Kinds.ReplicationController, "replication-controller", static document => document.AsReplicationController().AsReplicaSet());

    public string Name => "replicationcontroller-controller";

    public IReadOnlyList<ControllerWatch> Watches => _replicas.Watches;

    public Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken) =>
        _replicas.ReconcileAsync(key, cancellationToken);
}
