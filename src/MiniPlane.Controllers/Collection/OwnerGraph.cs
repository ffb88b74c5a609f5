using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Collection;

/// <summary>Who owns whom, over all kinds. Answers come from the informers' indexes; no object is scanned.</summary>
internal sealed class OwnerGraph(ClusterContext cluster)
{
    private static readonly TimeSpan SyncLimit = TimeSpan.FromSeconds(30);

    private readonly EndedOwners _ended = new();

    /// <summary>All objects with an owner reference to this uid.</summary>
    public IEnumerable<(KindDefinition Kind, ObjectDocument Document)> Dependents(string uid) =>
        cluster.Informers.All.SelectMany(informer => informer.OwnedBy(uid).Select(document => (informer.Kind, document)));

    /// <summary>An owner's end was seen. It counts even when its kind is not served any more by the time its dependents are judged.</summary>
    public void Remember(string endedUid) => _ended.Add(endedUid);

    /// <summary>The kind behind a collection's name, if it is served.</summary>
    public KindDefinition? KindOf(string collection) =>
        cluster.Client.Catalogue.Kinds.FirstOrDefault(kind => kind.Collection == collection);

    /// <summary>Where a reference points to; null when its kind is not served or cannot own this dependent.</summary>
    public (KindDefinition Kind, ObjectKey Key)? Target(ObjectDocument dependent, OwnerReference owner)
    {
        if (cluster.Client.Catalogue.FindKind(owner.ApiVersion, owner.Kind) is not { } kind
            || (kind.IsNamespaced && dependent.Metadata.Namespace.Length == 0))
        {
            return null;
        }

        return (kind, new ObjectKey(kind.IsNamespaced ? dependent.Metadata.Namespace : "", owner.Name));
    }

    /// <summary>True when the reference's object is there, but in a namespace where it cannot own this dependent.</summary>
    public bool IsForeign(ObjectDocument dependent, OwnerReference owner) =>
        cluster.Client.Catalogue.FindKind(owner.ApiVersion, owner.Kind) is { IsNamespaced: true } kind
        && cluster.Informers.Find(kind)?.ByUid(owner.Uid) is { } found
        && found.Metadata.Namespace != dependent.Metadata.Namespace;

    /// <summary>
    /// What a reference points to. The cache is asked first; that an owner is absent is only believed when the cluster itself
    /// says so.
    /// </summary>
    public async Task<(OwnerState State, ObjectDocument? Owner)> LookUpAsync(
        ObjectDocument dependent, OwnerReference owner, CancellationToken cancellationToken)
    {
        if (Target(dependent, owner) is not { } target)
        {
            bool isServed = cluster.Client.Catalogue.FindKind(owner.ApiVersion, owner.Kind) is not null;
            return (isServed ? OwnerState.Solid : _ended.Contains(owner.Uid) ? OwnerState.Absent : OwnerState.Unknown, null);
        }

        // An owner is found solid only once its end would be seen: its kind may have come to be served a moment ago.
        if (CatalogueFollower.IsWatchable(target.Kind))
        {
            await cluster.Informers.For(target.Kind).Synced.WaitAsync(SyncLimit, cluster.Time, cancellationToken);
        }

        ObjectDocument? found = cluster.Informers.Find(target.Kind)?.Find(target.Key);
        if (found?.Metadata.Uid != owner.Uid)
        {
            found = await cluster.Client.FindAsync(target.Kind, target.Key, cancellationToken);
        }

        if (found?.Metadata.Uid != owner.Uid)
        {
            return (OwnerState.Absent, null);
        }

        return (IsWaiting(found) ? OwnerState.WaitsForDependents : OwnerState.Solid, found);
    }

    /// <summary>Being deleted in the foreground: it goes when its dependents have gone.</summary>
    public static bool IsWaiting(ObjectDocument document) =>
        document.Metadata.IsBeingDeleted && document.Has(Finalizers.Foreground);
}
