using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Volumes;

/// <summary>
/// Makes sure at the start that the built-in storage classes are there and lead to the directories that the site names. What the user
/// changed in their metadata (the default mark) stays.
/// </summary>
internal sealed class StorageClassesController(ClusterContext cluster, ClusterControllersOptions options) : IController
{
    public string Name => "storage-classes";

    public IReadOnlyList<ControllerWatch> Watches => [new(cluster.Kinds.StorageClass, static _ => [])];

    public IReadOnlyList<ObjectKey> FirstKeys => [.. options.StorageRoots.Select(root => ObjectKey.Cluster(root.Name))];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (options.StorageRoots.FirstOrDefault(candidate => candidate.Name == key.Name) is not { } root)
        {
            return ReconcileResult.Done;
        }

        ObjectDocument? existing = await cluster.Client.FindAsync(cluster.Kinds.StorageClass, key, cancellationToken);
        if (existing is null)
        {
            await cluster.Writer.CreateAsync(cluster.Kinds.StorageClass, Body(root), cancellationToken);
        }
        else if (existing.AsStorageClass() is { Provisioner: VolumeWords.Provisioner } known
            && known.Parameters?.GetValueOrDefault(VolumeWords.RootParameter) != root.Path)
        {
            // Parameters cannot be changed; volumes that exist keep their own path.
            JsonObject body = Body(root);
            body.Ensure("metadata").SetCopy("annotations", existing.ToJson().At("metadata", "annotations"));
            body.Ensure("metadata").SetCopy("labels", existing.ToJson().At("metadata", "labels"));
            await cluster.Writer.DeleteAsync(cluster.Kinds.StorageClass, existing, DeleteQuery.Default, cancellationToken);
            await cluster.Writer.CreateAsync(cluster.Kinds.StorageClass, body, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private static JsonObject Body(StorageRoot root)
    {
        var metadata = new JsonObject { ["name"] = root.Name };
        if (root.IsDefault)
        {
            metadata["annotations"] = new JsonObject { [VolumeWords.DefaultClass] = "true" };
        }

        var parameters = new JsonObject { [VolumeWords.RootParameter] = root.Path };
        if (root.IsNodeLocal)
        {
            parameters[VolumeWords.NodeLocalParameter] = "true";
        }

        return new JsonObject
        {
            ["apiVersion"] = "storage.k8s.io/v1",
            ["kind"] = "StorageClass",
            ["metadata"] = metadata,
            ["provisioner"] = VolumeWords.Provisioner,
            ["parameters"] = parameters,
            ["reclaimPolicy"] = root.ReclaimPolicy,
            ["volumeBindingMode"] = root.IsNodeLocal ? "WaitForFirstConsumer" : "Immediate",
            ["allowVolumeExpansion"] = true,
        };
    }
}
