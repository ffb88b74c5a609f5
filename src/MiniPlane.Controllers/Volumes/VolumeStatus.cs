using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Volumes;

/// <summary>Writes the phases of volumes and claims, and the two halves of a binding. Each step may be repeated.</summary>
internal sealed class VolumeStatus(ClusterContext cluster)
{
    public async Task<ObjectDocument> SetVolumePhaseAsync(
        ObjectDocument volume, string phase, string? message, CancellationToken cancellationToken) =>
        await cluster.Writer.UpdateStatusAsync(
            cluster.Kinds.PersistentVolume,
            volume,
            status =>
            {
                if (status.TextOrEmpty("phase") != phase)
                {
                    status["phase"] = phase;
                    status["lastPhaseTransitionTime"] = ApiTime.Format(cluster.Now);
                }

                if (string.IsNullOrEmpty(message))
                {
                    status.Remove("message");
                }
                else
                {
                    status["message"] = message;
                }
            },
            cancellationToken);

    /// <summary>A claim that is not bound has neither capacity nor access modes.</summary>
    public async Task<ObjectDocument> SetClaimPhaseAsync(
        ObjectDocument claim, string phase, CancellationToken cancellationToken) =>
        await cluster.Writer.UpdateStatusAsync(
            cluster.Kinds.PersistentVolumeClaim,
            claim,
            status =>
            {
                status["phase"] = phase;
                status.Remove("accessModes");
                status.Remove("capacity");
            },
            cancellationToken);

    /// <summary>Binds both ways: the volume first, so that nobody else takes it, then the claim.</summary>
    public async Task BindAsync(ObjectDocument volume, ObjectDocument claim, CancellationToken cancellationToken)
    {
        volume = await PointVolumeAsync(volume, claim, cancellationToken);
        volume = await SetVolumePhaseAsync(volume, "Bound", message: null, cancellationToken);
        claim = await PointClaimAsync(claim, volume, cancellationToken);
        PersistentVolumeSpec spec = volume.AsVolume().Spec;
        string capacity = volume.AsVolume().Capacity.ToString();
        await cluster.Writer.UpdateStatusAsync(
            cluster.Kinds.PersistentVolumeClaim,
            claim,
            status =>
            {
                // A claim that grows has its new size only once the volume has.
                bool isNew = status.TextOrEmpty("phase") != "Bound";
                status["phase"] = "Bound";
                status["accessModes"] = new JsonArray([.. spec.AccessModes.Select(mode => JsonValue.Create(mode))]);
                if (isNew || !status.Has("capacity", "storage"))
                {
                    status.Ensure("capacity")["storage"] = capacity;
                }
            },
            cancellationToken);
    }

    private async Task<ObjectDocument> PointVolumeAsync(
        ObjectDocument volume, ObjectDocument claim, CancellationToken cancellationToken)
    {
        VolumeClaimReference? reference = volume.AsVolume().Spec.ClaimRef;
        if (reference?.Uid == claim.Metadata.Uid)
        {
            return volume;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = volume.ResourceVersion },
            ["spec"] = new JsonObject { ["claimRef"] = Reference(claim) },
        };
        if (reference is null)
        {
            patch.Ensure("metadata", "annotations")[VolumeWords.BoundByController] = "yes";
        }

        return await cluster.Writer.MergeAsync(
            cluster.Kinds.PersistentVolume, volume.Key, patch, subresource: null, cancellationToken);
    }

    private async Task<ObjectDocument> PointClaimAsync(
        ObjectDocument claim, ObjectDocument volume, CancellationToken cancellationToken)
    {
        PersistentVolumeClaimSpec spec = claim.AsClaim().Spec;
        if (spec.VolumeName == volume.Metadata.Name && claim.Metadata.Annotations.ContainsKey(VolumeWords.BindCompleted))
        {
            return claim;
        }

        var annotations = new JsonObject { [VolumeWords.BindCompleted] = "yes" };
        if (spec.VolumeName.Length == 0)
        {
            annotations[VolumeWords.BoundByController] = "yes";
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = claim.ResourceVersion, ["annotations"] = annotations },
            ["spec"] = new JsonObject { ["volumeName"] = volume.Metadata.Name },
        };
        return await cluster.Writer.MergeAsync(
            cluster.Kinds.PersistentVolumeClaim, claim.Key, patch, subresource: null, cancellationToken);
    }

    public static JsonObject Reference(ObjectDocument claim) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "PersistentVolumeClaim",
        ["namespace"] = claim.Metadata.Namespace,
        ["name"] = claim.Metadata.Name,
        ["uid"] = claim.Metadata.Uid,
        ["resourceVersion"] = claim.ResourceVersion,
    };
}
