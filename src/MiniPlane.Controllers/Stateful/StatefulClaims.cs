using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Stateful;

/// <summary>
/// Makes the claims of a StatefulSet's pods, and keeps on each the owner references by which garbage collection carries out
/// <c>persistentVolumeClaimRetentionPolicy</c>: the set for whenDeleted, the pod for whenScaled.
/// </summary>
internal sealed class StatefulClaims(ClusterContext cluster, KindDefinition setKind, string component)
{
    private KindDefinition Kind => cluster.Kinds.PersistentVolumeClaim;

    /// <summary>Creates the claims of the pod with this number that are not there.</summary>
    public async Task EnsureAsync(ObjectDocument set, int ordinal, CancellationToken cancellationToken)
    {
        foreach (JsonObject claim in StatefulPodFactory.Claims(set, ordinal))
        {
            string name = claim.TextOrEmpty("metadata", "name");
            string what = $"Claim {name} Pod {StatefulPod.NameOf(set.Metadata.Name, ordinal)} in StatefulSet {set.Metadata.Name}";
            ObjectDocument? existing = await cluster.Client.FindAsync(
                Kind, new ObjectKey(set.Metadata.Namespace, name), cancellationToken);
            if (existing is not null)
            {
                if (existing.Metadata.IsBeingDeleted)
                {
                    throw ApiErrors.Conflict(Kind, name, "the claim is being deleted");
                }

                continue;
            }

            try
            {
                if (set.AsStatefulSet().Spec.PersistentVolumeClaimRetentionPolicy is { DeletesWithSet: true })
                {
                    claim.Ensure("metadata")["ownerReferences"] = new JsonArray(OwnerReferences.Controller(setKind, set));
                }

                await cluster.Writer.CreateAsync(Kind, claim, cancellationToken);
                cluster.Events.Normal(setKind, set, "SuccessfulCreate", $"create {what} success", component);
            }
            catch (ApiException exception) when (exception.Reason != "AlreadyExists")
            {
                cluster.Events.Warning(
                    setKind, set, "FailedCreate", $"create {what} failed error: {exception.Message}", component);
                throw;
            }
        }
    }

    /// <summary>
    /// Sets the owners that the retention policy asks for; <paramref name="pod"/> is about to go when
    /// <paramref name="isCondemned"/>. A set without a policy keeps all and nothing is looked at.
    /// </summary>
    public async Task RetainAsync(
        ObjectDocument set, StatefulPod pod, bool isCondemned, CancellationToken cancellationToken)
    {
        ClaimRetention policy = set.AsStatefulSet().Spec.PersistentVolumeClaimRetentionPolicy ?? new ClaimRetention();
        foreach (string name in StatefulPodFactory.ClaimNames(set, pod.Ordinal))
        {
            if (await cluster.Client.FindAsync(Kind, new ObjectKey(set.Metadata.Namespace, name), cancellationToken) is not { } claim)
            {
                continue;
            }

            bool podOwns = policy.DeletesWhenScaled && isCondemned;
            bool setOwns = policy.DeletesWithSet && !podOwns;
            await SetOwnersAsync(set, pod, claim, setOwns, podOwns, cancellationToken);
        }
    }

    /// <summary>
    /// True when a claim is on its way out, or still belongs to an earlier pod or set of this name and will go with it; a pod that used it
    /// would keep it from going and never get one of its own.
    /// </summary>
    public async Task<bool> IsStaleAsync(ObjectDocument set, int ordinal, CancellationToken cancellationToken)
    {
        string podName = StatefulPod.NameOf(set.Metadata.Name, ordinal);
        foreach (string name in StatefulPodFactory.ClaimNames(set, ordinal))
        {
            ObjectDocument? claim = await cluster.Client.FindAsync(
                Kind, new ObjectKey(set.Metadata.Namespace, name), cancellationToken);
            if (claim is not null && (claim.Metadata.IsBeingDeleted || claim.Metadata.OwnerReferences.Any(owner =>
                (owner.Kind == "Pod" && owner.Name == podName)
                || (owner.Kind == setKind.Kind && owner.Name == set.Metadata.Name && owner.Uid != set.Metadata.Uid))))
            {
                return true;
            }
        }

        return false;
    }

    private async Task SetOwnersAsync(
        ObjectDocument set, StatefulPod pod, ObjectDocument claim, bool setOwns, bool podOwns, CancellationToken cancellationToken)
    {
        string setUid = set.Metadata.Uid;
        string podUid = pod.Document.Metadata.Uid;
        bool hasSet = claim.Metadata.OwnerReferences.Any(owner => owner.Uid == setUid);
        bool hasPod = claim.Metadata.OwnerReferences.Any(owner => owner.Uid == podUid);
        bool hasForeign = claim.Metadata.Controller is { } controller && controller.Uid != setUid && controller.Uid != podUid;
        if ((hasSet == setOwns && hasPod == podOwns) || hasForeign)
        {
            // Somebody else's controller decides what becomes of its claim.
            return;
        }

        JsonArray owners = OwnerReferences.Without(claim, owner => owner.Uid == setUid || owner.Uid == podUid);
        if (setOwns)
        {
            owners.Add((JsonNode)OwnerReferences.Controller(setKind, set));
        }

        if (podOwns)
        {
            owners.Add((JsonNode)OwnerReferences.Controller(cluster.Kinds.Pod, pod.Document));
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = claim.Metadata.Uid,
                ["resourceVersion"] = claim.ResourceVersion,
                ["ownerReferences"] = owners,
            },
        };
        await cluster.Writer.MergeAsync(Kind, claim.Key, patch, subresource: null, cancellationToken);
    }
}
