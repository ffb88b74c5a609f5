using MiniPlane.ApiServer.Selection;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Registry;

/// <summary>Lists from a consistent snapshot of the store.</summary>
internal sealed class CollectionReader(StoreAccess access, SelectionIndexes indexes)
{
    public CollectionSnapshot Snapshot(KindDefinition kind) => access.Store.Read(kind.Collection);

    /// <summary>Has the kind's webhook convert what <see cref="List"/> will find.</summary>
    public ValueTask PrepareAsync(KindDefinition kind, ListQuery query, CancellationToken cancellationToken) => StoreAccess.NeedsPreparation(kind)
        ? access.PrepareAsync(kind, Snapshot(kind).Range(query.Namespace, null), cancellationToken)
        : ValueTask.CompletedTask;

    /// <summary>Everything that matches, in the version of <paramref name="kind"/>.</summary>
    public ObjectList List(KindDefinition kind, ListQuery query)
    {
        var filter = ObjectFilter.From(kind, query.Labels, query.Fields);
        CollectionSnapshot snapshot = Snapshot(kind);
        var items = new List<ObjectDocument>(query.Namespace is null && filter.IsEverything ? snapshot.Count : 16);
        foreach (ObjectDocument document in Matching(kind, snapshot, filter, query.Namespace, null))
        {
            items.Add(access.ToVersion(document, kind));
        }

        return new ObjectList(snapshot.Revision, items);
    }

    /// <summary>The same in whatever version the objects were stored, for readers of their metadata.</summary>
    public ObjectList ListStored(KindDefinition kind, ListQuery query)
    {
        var filter = ObjectFilter.From(kind, query.Labels, query.Fields);
        CollectionSnapshot snapshot = Snapshot(kind);
        return new ObjectList(snapshot.Revision, [.. Matching(kind, snapshot, filter, query.Namespace, null)]);
    }

    /// <summary>The stored documents that match, in order; of one namespace if given, after a key if given.</summary>
    public IEnumerable<ObjectDocument> Matching(
        KindDefinition kind, CollectionSnapshot snapshot, ObjectFilter filter, string? ns, ObjectKey? after) =>
        indexes.Matching(kind.Collection, snapshot, filter, ns, after);
}
