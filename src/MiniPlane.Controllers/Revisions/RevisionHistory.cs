using System.Text.Json.Nodes;
using MiniPlane.Controllers.Rollouts;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Revisions;

/// <summary>
/// The ControllerRevisions of a StatefulSet or DaemonSet: makes sure that the present template is the newest of them, and forgets
/// old ones. <paramref name="hashLabel"/> is the label that carries the template's hash.
/// </summary>
internal sealed class RevisionHistory(ClusterContext cluster, KindDefinition ownerKind, string hashLabel)
{
    /// <summary>So many names are tried when others with another content have them.</summary>
    private const int MostCollisions = 20;

    private readonly Adoption _adoption = Prepared(cluster);

    private KindDefinition Kind => cluster.Kinds.ControllerRevision;

    /// <summary>All revisions of the owner, the oldest first, with the present template's one last.</summary>
    public async Task<RevisionState> SyncAsync(
        ObjectDocument owner, LabelSelector selector, int collisions, CancellationToken cancellationToken)
    {
        JsonObject template = owner.ToJson().Object("spec", "template") ?? [];
        List<OwnedRevision> known = await ClaimAsync(owner, selector, cancellationToken);
        long next = known.Select(revision => revision.Number).DefaultIfEmpty().Max() + 1;
        OwnedRevision? equal = known.FindLast(revision => TemplateHash.Same(revision.Template, template));
        if (equal is null)
        {
            (equal, collisions) = await CreateAsync(owner, template, next, collisions, cancellationToken);
            known.RemoveAll(revision => revision.Name == equal.Name);
            known.Add(equal);
        }
        else if (equal != known[^1] || owner.Metadata.IsBeingDeleted)
        {
            // Rolled back: the old revision becomes the newest one again.
            known.Remove(equal);
            equal = owner.Metadata.IsBeingDeleted ? equal : await RenumberAsync(equal, next, cancellationToken);
            known.Add(equal);
        }

        return new RevisionState(known, equal, collisions);
    }

    /// <summary>Deletes the oldest revisions that no pod uses, beyond the limit.</summary>
    public async Task TrimAsync(
        RevisionState state, Func<OwnedRevision, bool> isUsed, int limit, CancellationToken cancellationToken)
    {
        OwnedRevision[] unused = [.. state.All.Where(revision => revision != state.Update && !isUsed(revision))];
        foreach (OwnedRevision revision in unused.Take(Math.Max(0, unused.Length - limit)))
        {
            await cluster.Writer.DeleteAsync(Kind, revision.Document, DeleteQuery.Default, cancellationToken);
        }
    }

    private static Adoption Prepared(ClusterContext cluster)
    {
        var adoption = new Adoption(cluster);
        adoption.Prepare(cluster.Kinds.ControllerRevision);
        return adoption;
    }

    private async Task<List<OwnedRevision>> ClaimAsync(
        ObjectDocument owner, LabelSelector selector, CancellationToken cancellationToken)
    {
        List<ObjectDocument> claimed = await _adoption.ClaimAsync(
            ownerKind, owner, Kind, selector, releasing: null, cancellationToken);
        return
        [
            .. claimed.Select(document => new OwnedRevision(document))
                .OrderBy(revision => revision.Number)
                .ThenBy(revision => revision.Document.Metadata.CreationTimestamp)
                .ThenBy(revision => revision.Name, StringComparer.Ordinal),
        ];
    }

    private async Task<(OwnedRevision Revision, int Collisions)> CreateAsync(
        ObjectDocument owner, JsonObject template, long number, int collisions, CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < MostCollisions; tries++)
        {
            string hash = TemplateHash.Of(template, collisions);
            JsonObject body = Body(owner, template, hash, number);
            try
            {
                return (new OwnedRevision(await cluster.Writer.CreateAsync(Kind, body, cancellationToken)), collisions);
            }
            catch (ApiException exception) when (exception.Reason == "AlreadyExists")
            {
                var key = new ObjectKey(owner.Metadata.Namespace, body.TextOrEmpty("metadata", "name"));
                if (await cluster.Client.FindAsync(Kind, key, cancellationToken) is { } existing
                    && existing.Metadata.Controller?.Uid == owner.Metadata.Uid
                    && new OwnedRevision(existing) is var found
                    && TemplateHash.Same(found.Template, template))
                {
                    return (found, collisions);
                }

                collisions++;
            }
        }

        throw ApiErrors.Conflict(Kind, owner.Metadata.Name, "every name for a new revision is taken");
    }

    private async Task<OwnedRevision> RenumberAsync(OwnedRevision revision, long number, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = revision.Document.ResourceVersion },
            ["revision"] = number,
        };
        return new OwnedRevision(
            await cluster.Writer.MergeAsync(Kind, revision.Document.Key, patch, subresource: null, cancellationToken));
    }

    private JsonObject Body(ObjectDocument owner, JsonObject template, string hash, long number)
    {
        JsonObject labels = (JsonObject?)template.Object("metadata", "labels")?.DeepClone() ?? [];
        labels[hashLabel] = hash;
        string prefix = owner.Metadata.Name.Length <= 223 ? owner.Metadata.Name : owner.Metadata.Name[..223];
        var metadata = new JsonObject
        {
            ["name"] = $"{prefix}-{hash}",
            ["namespace"] = owner.Metadata.Namespace,
            ["labels"] = labels,
            ["ownerReferences"] = new JsonArray(OwnerReferences.Controller(ownerKind, owner)),
        };
        metadata.SetCopy("annotations", owner.ToJson().Object("metadata", "annotations"));
        return new JsonObject
        {
            ["apiVersion"] = Kind.ApiVersion,
            ["kind"] = Kind.Kind,
            ["metadata"] = metadata,
            ["data"] = OwnedRevision.Data(template),
            ["revision"] = number,
        };
    }
}
