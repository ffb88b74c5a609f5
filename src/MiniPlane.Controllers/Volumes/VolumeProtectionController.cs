using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Volumes;

/// <summary>Lets a volume that is being deleted go when it is not bound (upstream's pv-protection-controller).</summary>
internal sealed class VolumeProtectionController(ClusterContext cluster) : IController
{
    public string Name => "pv-protection-controller";

    public IReadOnlyList<ControllerWatch> Watches => [ControllerWatch.Self(cluster.Kinds.PersistentVolume)];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cluster.Informers.For(cluster.Kinds.PersistentVolume).Find(key) is { Metadata.IsBeingDeleted: true } volume
            && volume.Has(VolumeWords.VolumeProtection)
            && volume.AsVolume().Status.Phase != "Bound")
        {
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["resourceVersion"] = volume.ResourceVersion,
                    ["finalizers"] = Finalizers.Without(volume, VolumeWords.VolumeProtection),
                },
            };
            await cluster.Writer.MergeAsync(cluster.Kinds.PersistentVolume, key, patch, subresource: null, cancellationToken);
        }

        return ReconcileResult.Done;
    }
}
