using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Volumes;

/// <summary>Which volume suits a claim (upstream's FindMatchingVolume). Pure.</summary>
internal static class VolumeMatch
{
    /// <summary>
    /// The smallest volume that suits; one that was kept for the claim by name goes before all others. With
    /// <paramref name="isDelayed"/> and without a node only such a one counts.
    /// </summary>
    public static ObjectDocument? Best(
        ObjectDocument claim, IEnumerable<ObjectDocument> volumes, bool isDelayed, ObjectDocument? node)
    {
        ObjectDocument? best = null;
        var selector = claim.AsClaim().Spec.Selector?.ToLabelSelector();
        foreach (ObjectDocument volume in volumes)
        {
            if (volume.Metadata.IsBeingDeleted || !HasModes(claim, volume) || Shortage(claim, volume) is not null)
            {
                continue;
            }

            // One that was made for the claim, or is kept for it, is taken wherever it is.
            if (volume.AsVolume().Spec.ClaimRef is { } reference)
            {
                if (IsFor(reference, claim))
                {
                    return volume;
                }

                continue;
            }

            bool suits = !(isDelayed && node is null)
                && volume.AsVolume().Status.Phase == "Available"
                && volume.AsVolume().Spec.StorageClassName == claim.ClaimClass()
                && selector?.Matches(volume.Metadata.Labels) != false
                && IsReachable(volume, node);
            if (suits && (best is null || volume.AsVolume().Capacity < best.AsVolume().Capacity))
            {
                best = volume;
            }
        }

        return best;
    }

    /// <summary>Whether a reference means this claim: the same name, and the same uid if the reference has one.</summary>
    public static bool IsFor(VolumeClaimReference reference, ObjectDocument claim) =>
        reference.Key == claim.Key && (reference.Uid.Length == 0 || reference.Uid == claim.Metadata.Uid);

    /// <summary>Why a volume that the claim names cannot be used; null when it can (upstream's checkVolumeSatisfyClaim).</summary>
    public static string? Mismatch(ObjectDocument claim, ObjectDocument volume) =>
        Shortage(claim, volume)
        ?? (volume.AsVolume().Spec.StorageClassName != claim.ClaimClass() ? "storageClassName does not match" : null)
        ?? (HasModes(claim, volume) ? null : "incompatible accessMode");

    /// <summary>Whether the volume can be used on a node, by its node affinity; null asks about no node in particular.</summary>
    public static bool IsReachable(ObjectDocument volume, ObjectDocument? node) =>
        node is null
        || volume.ToJson().At("spec", "nodeAffinity", "required") is not { } required
        || NodeSelector.FromJson(required).Matches(node.Metadata.Labels, node.Metadata.Name);

    private static string? Shortage(ObjectDocument claim, ObjectDocument volume)
    {
        Quantity wanted = claim.AsClaim().Request;
        if (volume.AsVolume().Capacity < wanted)
        {
            return "requested PV is too small";
        }

        return volume.AsVolume().Spec.VolumeMode != claim.AsClaim().Spec.VolumeMode ? "incompatible volumeMode" : null;
    }

    private static bool HasModes(ObjectDocument claim, ObjectDocument volume) =>
        claim.AsClaim().Spec.AccessModes.All(mode => volume.AsVolume().Spec.AccessModes.Contains(mode, StringComparer.Ordinal));
}
