using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Volumes;

/// <summary>
/// Keeps the phase of each volume, and reclaims it when its claim is gone: data is deleted only for the policy Delete, and only
/// where this project made the directory (upstream's syncVolume).
/// </summary>
internal sealed class VolumeController : IController
{
    private const string ByClaim = "claim";

    private readonly ClusterContext _cluster;
    private readonly VolumeStatus _status;
    private readonly KindDefinition _kind;

    public VolumeController(ClusterContext cluster)
    {
        _cluster = cluster;
        _kind = cluster.Kinds.PersistentVolume;
        _status = new VolumeStatus(cluster);
        cluster.Informers.For(_kind).AddIndex(
            ByClaim, static volume => volume.AsVolume().Spec.ClaimRef is { } claim ? [claim.Key.ToString()] : []);
    }

    public string Name => "persistentvolume-reclaimer";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(_kind),
        new(_cluster.Kinds.PersistentVolumeClaim, change =>
            _cluster.Informers.For(_kind).ByIndex(ByClaim, change.Current.Key.ToString()).Select(volume => volume.Key)),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (await _cluster.Client.FindAsync(_kind, key, cancellationToken) is not { } volume)
        {
            return ReconcileResult.Done;
        }

        if (volume.AsVolume().Spec.ClaimRef is not { } reference)
        {
            volume = await _status.SetVolumePhaseAsync(volume, "Available", message: null, cancellationToken);
            if (volume.Metadata.IsBeingDeleted && volume.Has(VolumeWords.DataProtection))
            {
                // Taken from its claim by hand: whose data it now is nobody knows, so it stays.
                await DropDataProtectionAsync(volume, cancellationToken);
            }

            return ReconcileResult.Done;
        }

        // Read live: a cache that has not seen the claim yet must not cost anybody their data.
        ObjectDocument? claim = await _cluster.Client.FindAsync(_cluster.Kinds.PersistentVolumeClaim, reference.Key, cancellationToken);
        if (reference.Uid.Length == 0)
        {
            await _status.SetVolumePhaseAsync(volume, "Available", message: null, cancellationToken);
        }
        else if (claim?.Metadata.Uid != reference.Uid)
        {
            await ReleaseAsync(volume, cancellationToken);
        }
        else if (claim.AsClaim().Spec.VolumeName == volume.Metadata.Name)
        {
            await _status.SetVolumePhaseAsync(volume, "Bound", message: null, cancellationToken);
        }
        else if (claim.AsClaim().Spec.VolumeName.Length > 0)
        {
            await GiveBackAsync(volume, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    /// <summary>The claim took another volume meanwhile: one that was made for it goes, one that was found is free again.</summary>
    private async Task GiveBackAsync(ObjectDocument volume, CancellationToken cancellationToken)
    {
        if (volume.Metadata.Annotations.ContainsKey(VolumeWords.ProvisionedBy)
            && volume.AsVolume().Spec.PersistentVolumeReclaimPolicy == "Delete")
        {
            volume = await _status.SetVolumePhaseAsync(volume, "Released", message: null, cancellationToken);
            await ReclaimAsync(volume, cancellationToken);
            return;
        }

        bool isOurs = volume.Metadata.Annotations.ContainsKey(VolumeWords.BoundByController);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = volume.ResourceVersion,
                ["annotations"] = new JsonObject { [VolumeWords.BoundByController] = null },
            },
            ["spec"] = new JsonObject { ["claimRef"] = isOurs ? null : new JsonObject { ["uid"] = null, ["resourceVersion"] = null } },
        };
        volume = await _cluster.Writer.MergeAsync(_kind, volume.Key, patch, subresource: null, cancellationToken);
        await _status.SetVolumePhaseAsync(volume, "Available", message: null, cancellationToken);
    }

    private async Task ReleaseAsync(ObjectDocument volume, CancellationToken cancellationToken)
    {
        if (volume.AsVolume().Status.Phase is not ("Released" or "Failed"))
        {
            volume = await _status.SetVolumePhaseAsync(volume, "Released", message: null, cancellationToken);
        }

        await ReclaimAsync(volume, cancellationToken);
    }

    private async Task ReclaimAsync(ObjectDocument volume, CancellationToken cancellationToken)
    {
        switch (volume.AsVolume().Spec.PersistentVolumeReclaimPolicy)
        {
            case "Delete":
                await DeleteAsync(volume, cancellationToken);
                break;
            case "Recycle":
                await FailAsync(volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!", cancellationToken);
                break;
            case "Retain" when volume.Metadata.IsBeingDeleted && volume.Has(VolumeWords.DataProtection):
                await DropDataProtectionAsync(volume, cancellationToken);
                break;
            default:
                // Retained: the administrator decides about the data.
                break;
        }
    }

    private async Task DeleteAsync(ObjectDocument volume, CancellationToken cancellationToken)
    {
        if (volume.Metadata.Annotations.TryGetValue(VolumeWords.ProvisionedBy, out string? provisioner)
            && provisioner != VolumeWords.Provisioner)
        {
            // Whoever made it deletes it.
            return;
        }

        VolumeClaimReference? reference = volume.AsVolume().Spec.ClaimRef;
        if (provisioner is null || reference is null || volume.AsVolume().Spec.HostPath is not { } directory
            || volume.Metadata.Name != "pvc-" + reference.Uid)
        {
            await FailAsync(volume, "VolumeFailedDelete", "error getting deleter volume plugin for volume \"" + volume.Metadata.Name + "\": no volume plugin matched", cancellationToken);
            return;
        }

        if (VolumeDirectory.Remove(directory.Path, volume.Metadata.Name, reference.Key) is { } problem)
        {
            await FailAsync(volume, "VolumeFailedDelete", problem, cancellationToken);
            throw new VolumeFailedException(problem);
        }

        if (volume.Has(VolumeWords.DataProtection))
        {
            volume = await DropDataProtectionAsync(volume, cancellationToken);
        }

        if (!volume.Metadata.IsBeingDeleted)
        {
            await _cluster.Writer.DeleteAsync(_kind, volume, DeleteQuery.Default, cancellationToken);
        }
    }

    private async Task<ObjectDocument> DropDataProtectionAsync(ObjectDocument volume, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = volume.ResourceVersion,
                ["finalizers"] = Finalizers.Without(volume, VolumeWords.DataProtection),
            },
        };
        return await _cluster.Writer.MergeAsync(_kind, volume.Key, patch, subresource: null, cancellationToken);
    }

    private async Task FailAsync(ObjectDocument volume, string reason, string message, CancellationToken cancellationToken)
    {
        ObjectDocument failed = await _status.SetVolumePhaseAsync(volume, "Failed", message, cancellationToken);
        if (failed.Revision != volume.Revision)
        {
            _cluster.Events.Warning(_kind, failed, reason, message, VolumeWords.Component);
        }
    }
}
