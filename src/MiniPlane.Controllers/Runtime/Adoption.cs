using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// Finds the objects that belong to a controller: those it controls, plus orphans that its selector matches (adopted), minus
/// those whose labels no longer match (released). Upstream's ControllerRefManager.
/// </summary>
internal sealed class Adoption(ClusterContext cluster)
{
    private const string Orphans = "orphans";

    /// <summary>Prepares a kind to be searched for orphans; to be called once, by the controller's constructor.</summary>
    public void Prepare(KindDefinition kind) => cluster.Informers.For(kind).AddIndex(
        Orphans, static document => document.Metadata.Controller is null ? [document.Metadata.Namespace] : []);

    /// <summary>The owners of kind <paramref name="ownerKind"/> that could adopt an orphan, by their selectors.</summary>
    public IEnumerable<ObjectKey> Adopters(
        KindDefinition ownerKind, ObjectDocument orphan, Func<ObjectDocument, LabelSelector?> selector) =>
        orphan.Metadata.Controller is null && !orphan.Metadata.IsBeingDeleted
            ? cluster.Informers.For(ownerKind).InNamespace(orphan.Metadata.Namespace)
                .Where(owner => selector(owner) is { IsEmpty: false } match && match.Matches(orphan.Metadata.Labels))
                .Select(owner => owner.Key)
            : [];

    /// <summary>
    /// The objects of <paramref name="kind"/> that belong to <paramref name="owner"/> now. <paramref name="releasing"/> is the
    /// finalizer, if any, that a released object loses; <paramref name="isMember"/> says of what matches by labels whether it belongs all the
    /// same (a StatefulSet knows its pods by their names too).
    /// </summary>
    public async Task<List<ObjectDocument>> ClaimAsync(
        KindDefinition ownerKind,
        ObjectDocument owner,
        KindDefinition kind,
        LabelSelector selector,
        string? releasing,
        CancellationToken cancellationToken,
        Func<ObjectDocument, bool>? isMember = null)
    {
        Informer informer = cluster.Informers.For(kind);
        List<ObjectDocument> claimed = [];
        foreach (ObjectDocument candidate in informer.OwnedBy(owner.Metadata.Uid))
        {
            if (candidate.Metadata.Controller?.Uid != owner.Metadata.Uid)
            {
                continue;
            }

            if (selector.Matches(candidate.Metadata.Labels) && (isMember?.Invoke(candidate) ?? true))
            {
                claimed.Add(candidate);
            }
            else if (!owner.Metadata.IsBeingDeleted)
            {
                await ReleaseAsync(kind, owner, candidate, releasing, cancellationToken);
            }
        }

        if (owner.Metadata.IsBeingDeleted || selector.IsEmpty)
        {
            return claimed;
        }

        foreach (ObjectDocument orphan in informer.ByIndex(Orphans, owner.Metadata.Namespace))
        {
            if (!orphan.Metadata.IsBeingDeleted
                && selector.Matches(orphan.Metadata.Labels)
                && (isMember?.Invoke(orphan) ?? true)
                && await AdoptAsync(ownerKind, owner, kind, orphan, cancellationToken) is { } adopted)
            {
                claimed.Add(adopted);
            }
        }

        return claimed;
    }

    private async Task<ObjectDocument?> AdoptAsync(
        KindDefinition ownerKind,
        ObjectDocument owner,
        KindDefinition kind,
        ObjectDocument orphan,
        CancellationToken cancellationToken)
    {
        // Asked anew: an owner that has just been deleted must not take in anything.
        ObjectDocument? live = await cluster.Client.FindAsync(ownerKind, owner.Key, cancellationToken);
        if (live is not { Metadata.IsBeingDeleted: false } || live.Metadata.Uid != owner.Metadata.Uid)
        {
            return null;
        }

        JsonArray owners = OwnerReferences.Without(orphan, static _ => false);
        owners.Add((JsonNode)OwnerReferences.Controller(ownerKind, owner));
        return await PatchAsync(kind, orphan, new JsonObject { ["ownerReferences"] = owners }, cancellationToken);
    }

    private async Task ReleaseAsync(
        KindDefinition kind,
        ObjectDocument owner,
        ObjectDocument candidate,
        string? finalizer,
        CancellationToken cancellationToken)
    {
        var metadata = new JsonObject
        {
            ["ownerReferences"] = OwnerReferences.Without(candidate, reference => reference.Uid == owner.Metadata.Uid),
        };
        if (finalizer is not null && candidate.Metadata.Finalizers.Contains(finalizer, StringComparer.Ordinal))
        {
            metadata["finalizers"] = Finalizers.Without(candidate, finalizer);
        }

        await PatchAsync(kind, candidate, metadata, cancellationToken);
    }

    /// <summary>Changes metadata if the object is still as it was read; null when it has gone meanwhile.</summary>
    private async Task<ObjectDocument?> PatchAsync(
        KindDefinition kind, ObjectDocument document, JsonObject metadata, CancellationToken cancellationToken)
    {
        metadata["uid"] = document.Metadata.Uid;
        metadata["resourceVersion"] = document.ResourceVersion;
        try
        {
            return await cluster.Writer.MergeAsync(
                kind, document.Key, new JsonObject { ["metadata"] = metadata }, subresource: null, cancellationToken);
        }
        catch (ApiException exception) when (exception.Code == 404)
        {
            return null;
        }
    }
}
