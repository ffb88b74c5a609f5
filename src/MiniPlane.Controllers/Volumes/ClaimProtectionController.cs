using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Volumes;

/// <summary>Lets a claim that is being deleted go when no pod uses it any more (upstream's pvc-protection-controller).</summary>
internal sealed class ClaimProtectionController(ClusterContext cluster) : IController
{
    public string Name => "pvc-protection-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(cluster.Kinds.PersistentVolumeClaim),
        new(cluster.Kinds.Pod, static change =>
            change.After is null || change.After.IsEndedPod() ? PodClaims.Keys(change.Current) : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cluster.Informers.For(cluster.Kinds.PersistentVolumeClaim).Find(key) is not { Metadata.IsBeingDeleted: true } claim
            || !claim.Has(VolumeWords.ClaimProtection)
            || await IsUsedAsync(key, cancellationToken))
        {
            return ReconcileResult.Done;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = claim.ResourceVersion,
                ["finalizers"] = Finalizers.Without(claim, VolumeWords.ClaimProtection),
            },
        };
        await cluster.Writer.MergeAsync(cluster.Kinds.PersistentVolumeClaim, key, patch, subresource: null, cancellationToken);
        return ReconcileResult.Done;
    }

    /// <summary>Asked of the cluster itself: a pod may be newer than the cache. One without a node uses nothing yet.</summary>
    private async Task<bool> IsUsedAsync(ObjectKey claim, CancellationToken cancellationToken)
    {
        ObjectList pods = await cluster.Client.ListAsync(cluster.Kinds.Pod, ListQuery.InNamespace(claim.Namespace), cancellationToken);
        return pods.Items.Any(pod =>
            !pod.IsEndedPod() && pod.NodeOfPod().Length > 0 && PodClaims.Keys(pod).Contains(claim));
    }
}
