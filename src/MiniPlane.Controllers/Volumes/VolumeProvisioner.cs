using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Controllers.Volumes;

/// <summary>
/// Makes a volume for a claim, by the claim's class. For classes of ours it is a directory; a provisioner of somebody else is
/// told by annotation, as upstream does, and makes the volume itself.
/// </summary>
internal sealed class VolumeProvisioner(ClusterContext cluster)
{
    public ObjectDocument? FindClass(string name) =>
        name.Length == 0 ? null : cluster.Informers.For(cluster.Kinds.StorageClass).Find(ObjectKey.Cluster(name));

    /// <summary>The newest class that is marked as the default.</summary>
    public string? DefaultClass() => cluster.Informers.For(cluster.Kinds.StorageClass).All()
        .Select(storageClass => storageClass.Metadata)
        .Where(metadata => metadata.Annotations.GetValueOrDefault(VolumeWords.DefaultClass) == "true"
            || metadata.Annotations.GetValueOrDefault(VolumeWords.BetaDefaultClass) == "true")
        .OrderByDescending(metadata => metadata.CreationTimestamp)
        .ThenBy(metadata => metadata.Name, StringComparer.Ordinal)
        .FirstOrDefault()?.Name;

    public async Task ProvisionAsync(
        ObjectDocument claim, string className, ObjectDocument? node, CancellationToken cancellationToken)
    {
        if (FindClass(className) is not { } document)
        {
            Fail(claim, $"storageclass.storage.k8s.io \"{className}\" not found");
            return;
        }

        StorageClass storageClass = document.AsStorageClass();
        claim = await NameProvisionerAsync(claim, storageClass.Provisioner, cancellationToken);
        if (storageClass.Provisioner.StartsWith("kubernetes.io/", StringComparison.Ordinal))
        {
            Fail(claim, $"no volume plugin matched name: {storageClass.Provisioner}");
        }
        else if (storageClass.Provisioner != VolumeWords.Provisioner)
        {
            cluster.Events.Normal(
                cluster.Kinds.PersistentVolumeClaim,
                claim,
                "ExternalProvisioning",
                $"Waiting for a volume to be created either by the external provisioner '{storageClass.Provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
                VolumeWords.Component);
        }
        else if (Refusal(claim, storageClass) is { } why)
        {
            Fail(claim, why);
        }
        else
        {
            await MakeAsync(claim, document, node, cancellationToken);
        }
    }

    /// <summary>Gives a bound claim the size it has come to ask for; a directory needs nothing to grow.</summary>
    public async Task ExpandAsync(ObjectKey claimKey, ObjectKey volumeKey, CancellationToken cancellationToken)
    {
        ObjectDocument? claim = await cluster.Client.FindAsync(cluster.Kinds.PersistentVolumeClaim, claimKey, cancellationToken);
        ObjectDocument? volume = await cluster.Client.FindAsync(cluster.Kinds.PersistentVolume, volumeKey, cancellationToken);
        if (claim is null || volume is null || !claim.AsClaim().IsBound
            || volume.Metadata.Annotations.GetValueOrDefault(VolumeWords.ProvisionedBy) != VolumeWords.Provisioner
            || FindClass(claim.ClaimClass())?.AsStorageClass().AllowVolumeExpansion != true)
        {
            return;
        }

        Quantity wanted = claim.AsClaim().Request;
        if (wanted > volume.AsVolume().Capacity)
        {
            var patch = new JsonObject { ["spec"] = new JsonObject { ["capacity"] = new JsonObject { ["storage"] = wanted.ToString() } } };
            volume = await cluster.Writer.MergeAsync(cluster.Kinds.PersistentVolume, volumeKey, patch, subresource: null, cancellationToken);
        }

        if (wanted > claim.AsClaim().Capacity && volume.AsVolume().Capacity > claim.AsClaim().Capacity)
        {
            string size = volume.AsVolume().Capacity.ToString();
            claim = await cluster.Writer.UpdateStatusAsync(
                cluster.Kinds.PersistentVolumeClaim, claim, status => status.Ensure("capacity")["storage"] = size, cancellationToken);
            cluster.Events.Normal(
                cluster.Kinds.PersistentVolumeClaim, claim, "VolumeResizeSuccessful", "Resize volume succeeded", "volume_expand");
        }
    }

    /// <summary>What our directories cannot be.</summary>
    private static string? Refusal(ObjectDocument claim, StorageClass storageClass) =>
        claim.AsClaim().Spec.VolumeMode == "Block" ? "block volumes are not supported: volumes of this class are directories"
        : claim.AsClaim().Spec.Selector is { IsEmpty: false } ? "claim.Spec.Selector is not supported for dynamic provisioning"
        : (storageClass.Parameters?.GetValueOrDefault(VolumeWords.RootParameter) ?? "").StartsWith('/') ? null
        : $"the class names no absolute directory in its parameter {VolumeWords.RootParameter}";

    private async Task<ObjectDocument> NameProvisionerAsync(
        ObjectDocument claim, string provisioner, CancellationToken cancellationToken)
    {
        if (claim.Metadata.Annotations.GetValueOrDefault(VolumeWords.StorageProvisioner) == provisioner)
        {
            return claim;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] = new JsonObject
                {
                    [VolumeWords.StorageProvisioner] = provisioner,
                    [VolumeWords.BetaStorageProvisioner] = provisioner,
                },
            },
        };
        return await cluster.Writer.MergeAsync(
            cluster.Kinds.PersistentVolumeClaim, claim.Key, patch, subresource: null, cancellationToken);
    }

    private async Task MakeAsync(
        ObjectDocument claim, ObjectDocument storageClass, ObjectDocument? node, CancellationToken cancellationToken)
    {
        string name = "pvc-" + claim.Metadata.Uid;
        if (await cluster.Client.FindAsync(cluster.Kinds.PersistentVolume, ObjectKey.Cluster(name), cancellationToken) is not null)
        {
            // Made before, perhaps by an earlier run of this process; the next look binds it.
            return;
        }

        IReadOnlyDictionary<string, string> parameters =
            storageClass.AsStorageClass().Parameters ?? new Dictionary<string, string>(StringComparer.Ordinal);
        string path = VolumeDirectory.PathOf(parameters[VolumeWords.RootParameter], name, claim.Key);
        bool isNodeLocal = parameters.GetValueOrDefault(VolumeWords.NodeLocalParameter) == "true";
        if (!isNodeLocal && VolumeDirectory.Make(path) is { } problem)
        {
            Fail(claim, $"failed to provision volume with StorageClass \"{storageClass.Metadata.Name}\": {problem}");
            throw new VolumeFailedException(problem);
        }

        JsonObject body = VolumeDocument.Make(claim, storageClass, name, path, isNodeLocal ? node : null);
        await cluster.Writer.CreateAsync(cluster.Kinds.PersistentVolume, body, cancellationToken);
        cluster.Events.Normal(
            cluster.Kinds.PersistentVolumeClaim,
            claim,
            "ProvisioningSucceeded",
            $"Successfully provisioned volume {name} using {VolumeWords.Provisioner}",
            VolumeWords.Component);
    }

    private void Fail(ObjectDocument claim, string message) => cluster.Events.Warning(
        cluster.Kinds.PersistentVolumeClaim, claim, "ProvisioningFailed", message, VolumeWords.Component);
}
