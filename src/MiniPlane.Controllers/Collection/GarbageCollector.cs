using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Collection;

/// <summary>
/// Deletes objects whose owners have gone, ends foreground deletions when the dependents have gone, and lets dependents loose
/// in orphaning deletions. Works on every kind there is, custom ones too.
/// </summary>
internal sealed class GarbageCollector(ClusterContext cluster) : IController
{
    /// <summary>A foreground deletion is looked at again this often, should a dependent's end have been missed.</summary>
    private static readonly TimeSpan SafetyPeriod = TimeSpan.FromSeconds(30);

    private readonly OwnerGraph _graph = new(cluster);

    public string Name => "garbage-collector-controller";

    public int Parallelism => 20;

    public bool WatchesEveryKind => true;

    public IReadOnlyList<ControllerWatch> Watches => [];

    public IEnumerable<ObjectKey> KeysOf(ObjectChange change)
    {
        ObjectDocument current = change.Current;
        bool isGone = change.After is null;
        if (!isGone && (current.Metadata.OwnerReferences.Count > 0 || IsMarked(current)))
        {
            yield return ObjectIdentity.KeyOf(change.Kind, current.Key);
        }

        if (isGone || OwnerGraph.IsWaiting(current))
        {
            foreach ((KindDefinition kind, ObjectDocument dependent) in _graph.Dependents(current.Metadata.Uid))
            {
                if (isGone)
                {
                    _graph.Remember(current.Metadata.Uid);
                }

                yield return ObjectIdentity.KeyOf(kind, dependent.Key);
            }
        }

        foreach (ObjectKey owner in WaitingOwners(change))
        {
            yield return owner;
        }
    }

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        (string collection, ObjectKey own) = ObjectIdentity.Split(key);
        if (_graph.KindOf(collection) is not { } kind
            || await cluster.Client.FindAsync(kind, own, cancellationToken) is not { } document)
        {
            return ReconcileResult.Done;
        }

        if (document.Metadata.IsBeingDeleted)
        {
            return await FinishDeletionAsync(kind, document, cancellationToken);
        }

        if (document.Metadata.OwnerReferences.Count > 0)
        {
            WarnOfForeignOwners(kind, document);
            return await JudgeAsync(kind, document, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    /// <summary>An owner in another namespace, or in any at all for an object that is in none, can never hold its dependent.</summary>
    private void WarnOfForeignOwners(KindDefinition kind, ObjectDocument document)
    {
        string space = document.Metadata.Namespace;
        foreach (OwnerReference owner in document.Metadata.OwnerReferences.Where(owner => _graph.IsForeign(document, owner)))
        {
            cluster.Events.Warning(
                kind,
                document,
                "OwnerRefInvalidNamespace",
                $"ownerRef [{owner.ApiVersion}/{owner.Kind}, namespace: {space}, name: {owner.Name}, uid: {owner.Uid}] does not exist in namespace \"{space}\"",
                Name);
        }
    }

    private static bool IsMarked(ObjectDocument document) =>
        document.Metadata.IsBeingDeleted && (document.Has(Finalizers.Foreground) || document.Has(Finalizers.Orphan));

    /// <summary>Owners that wait for their dependents, of an object that has gone or no longer blocks them.</summary>
    private IEnumerable<ObjectKey> WaitingOwners(ObjectChange change)
    {
        if (change.Before is not { } before)
        {
            yield break;
        }

        foreach (OwnerReference owner in before.Metadata.OwnerReferences)
        {
            bool stillBlocks = change.After?.Metadata.OwnerReferences
                .Any(reference => reference.Uid == owner.Uid && reference.BlocksOwnerDeletion) ?? false;
            if (!stillBlocks
                && _graph.Target(before, owner) is { } target
                && cluster.Informers.Find(target.Kind)?.Find(target.Key) is { } found
                && OwnerGraph.IsWaiting(found))
            {
                yield return ObjectIdentity.KeyOf(target.Kind, target.Key);
            }
        }
    }

    private async Task<ReconcileResult> FinishDeletionAsync(
        KindDefinition kind, ObjectDocument document, CancellationToken cancellationToken)
    {
        // A kind whose cache is not filled yet, or that has only just come to be served, may hold dependents; an orphaning that missed
        // one would have it deleted.
        foreach (KindDefinition served in CatalogueFollower.Watchable(cluster.Client.Catalogue))
        {
            cluster.Informers.For(served);
        }

        await Task.WhenAll(cluster.Informers.All.Select(informer => informer.Synced))
            .WaitAsync(SafetyPeriod, cluster.Time, cancellationToken);
        string uid = document.Metadata.Uid;
        if (document.Has(Finalizers.Orphan))
        {
            foreach ((KindDefinition dependentKind, ObjectDocument dependent) in _graph.Dependents(uid).ToList())
            {
                await DropOwnersAsync(dependentKind, dependent, owner => owner.Uid == uid, cancellationToken);
            }

            await RemoveFinalizerAsync(kind, document, Finalizers.Orphan, cancellationToken);
            return ReconcileResult.Done;
        }

        if (!document.Has(Finalizers.Foreground))
        {
            return ReconcileResult.Done;
        }

        if (_graph.Dependents(uid).Any(entry => Blocks(entry.Document, uid)))
        {
            return ReconcileResult.After(SafetyPeriod);
        }

        await RemoveFinalizerAsync(kind, document, Finalizers.Foreground, cancellationToken);
        return ReconcileResult.Done;
    }

    private static bool Blocks(ObjectDocument dependent, string uid) =>
        dependent.Metadata.OwnerReferences.Any(owner => owner.Uid == uid && owner.BlocksOwnerDeletion);

    private async Task<ReconcileResult> JudgeAsync(KindDefinition kind, ObjectDocument document, CancellationToken cancellationToken)
    {
        HashSet<string> absent = new(StringComparer.Ordinal);
        HashSet<string> waiting = new(StringComparer.Ordinal);
        bool hasSolid = false;
        foreach (OwnerReference owner in document.Metadata.OwnerReferences)
        {
            (OwnerState state, _) = await _graph.LookUpAsync(document, owner, cancellationToken);
            if (state == OwnerState.Unknown)
            {
                // Nothing is decided while one of the owners cannot be looked up.
                return ReconcileResult.After(SafetyPeriod);
            }

            hasSolid |= state == OwnerState.Solid;
            if (state != OwnerState.Solid)
            {
                (state == OwnerState.Absent ? absent : waiting).Add(owner.Uid);
            }
        }

        if (!hasSolid)
        {
            await CollectAsync(kind, document, waiting.Count > 0, cancellationToken);
        }
        else if (absent.Count + waiting.Count > 0)
        {
            await DropOwnersAsync(kind, document, owner => absent.Contains(owner.Uid) || waiting.Contains(owner.Uid), cancellationToken);
        }

        return ReconcileResult.Done;
    }

    /// <summary>Deletes an object that no owner holds any more.</summary>
    private async Task CollectAsync(KindDefinition kind, ObjectDocument document, bool hasWaiting, CancellationToken cancellationToken)
    {
        (KindDefinition Kind, ObjectDocument Document)[] dependents = [.. _graph.Dependents(document.Metadata.Uid)];
        if (hasWaiting && dependents.Length > 0)
        {
            if (dependents.Any(entry => OwnerGraph.IsWaiting(entry.Document)))
            {
                // Owners in a circle would wait for each other for ever.
                await UnblockAsync(kind, document, cancellationToken);
            }

            await DeleteAsync(kind, document, "Foreground", cancellationToken);
            return;
        }

        string policy = document.Has(Finalizers.Orphan) ? "Orphan"
            : document.Has(Finalizers.Foreground) ? "Foreground"
            : "Background";
        await DeleteAsync(kind, document, policy, cancellationToken);
    }

    private async Task DeleteAsync(
        KindDefinition kind, ObjectDocument document, string policy, CancellationToken cancellationToken)
    {
        // Only as it was judged: an owner may just have taken it in.
        var query = new DeleteQuery { PropagationPolicy = policy, Revision = document.Revision };
        await cluster.Writer.DeleteAsync(kind, document, query, cancellationToken);
    }

    private Task DropOwnersAsync(
        KindDefinition kind, ObjectDocument document, Func<OwnerReference, bool> drop, CancellationToken cancellationToken) =>
        PatchAsync(kind, document, "ownerReferences", OwnerReferences.Without(document, drop), cancellationToken);

    private Task UnblockAsync(KindDefinition kind, ObjectDocument document, CancellationToken cancellationToken) => PatchAsync(
        kind,
        document,
        "ownerReferences",
        new JsonArray([.. document.Metadata.OwnerReferences.Select(owner => OwnerReferences.ToJson(owner with { BlocksOwnerDeletion = false }))]),
        cancellationToken);

    private Task RemoveFinalizerAsync(
        KindDefinition kind, ObjectDocument document, string finalizer, CancellationToken cancellationToken) =>
        PatchAsync(kind, document, "finalizers", Finalizers.Without(document, finalizer), cancellationToken);

    /// <summary>Replaces one list of the metadata if the object is still as it was read.</summary>
    private async Task PatchAsync(
        KindDefinition kind, ObjectDocument document, string field, JsonArray value, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = document.Metadata.Uid,
                ["resourceVersion"] = document.ResourceVersion,
                [field] = value,
            },
        };
        try
        {
            await cluster.Writer.MergeAsync(kind, document.Key, patch, subresource: null, cancellationToken);
        }
        catch (ApiException exception) when (exception.Code == 404)
        {
            // Gone meanwhile, which is what was wanted.
            return;
        }
    }
}
