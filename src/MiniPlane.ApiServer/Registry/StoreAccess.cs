using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Conversions;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Registry;

/// <summary>The store as the registry uses it: by kind and key, in the version of the kind that was asked for.</summary>
internal sealed class StoreAccess(IRevisionStore store, IKindCatalogue catalogue)
{
    public IRevisionStore Store => store;

    public IKindCatalogue Catalogue => catalogue;

    public KindDefinition StorageKind(KindDefinition kind) => VersionConversions.StorageKind(catalogue, kind);

    /// <summary>The stored document, in its storage version.</summary>
    public ObjectDocument? FindStored(KindDefinition kind, ObjectKey key) => store.Find(new StoreKey(kind.Collection, key));

    /// <summary>The document in the version of <paramref name="kind"/>, or null.</summary>
    public ObjectDocument? Find(KindDefinition kind, ObjectKey key) =>
        FindStored(kind, key) is { } document ? ToVersion(document, kind) : null;

    public ObjectDocument Get(KindDefinition kind, ObjectKey key) =>
        Find(kind, key) ?? throw ApiErrors.NotFound(kind, key.Name);

    public ObjectDocument ToVersion(ObjectDocument document, KindDefinition kind) =>
        VersionConversions.Convert(document, StorageKind(kind), kind);

    /// <summary>
    /// Commits; null means that someone else was faster. A disk that refuses is 507 for a full disk's sake: the client must know
    /// that nothing was written.
    /// </summary>
    public async ValueTask<ObjectDocument?> TryWriteAsync(
        KindDefinition kind, ObjectKey key, long expected, JsonObject obj, bool isDelete, CancellationToken cancellationToken)
    {
        var write = new StoreWrite(new StoreKey(kind.Collection, key), expected, DraftDocument.From(obj), isDelete);
        return await store.WriteAsync(write, cancellationToken) switch
        {
            WriteOutcome.Written written => written.Document,
            WriteOutcome.Stale => null,
            WriteOutcome.Refused refused => throw ApiErrors.InsufficientStorage(
                $"the object store refused the write: {refused.Reason}"),
            _ => throw ApiErrors.Internal("the object store gave an unknown answer"),
        };
    }

    /// <summary>What a dry run answers: the object as it would be, without a revision of its own.</summary>
    public static ObjectDocument Unsaved(JsonObject obj, long revision)
    {
        if (revision > 0)
        {
            return DraftDocument.From(obj).Stamp(revision);
        }

        obj.Ensure("metadata").Remove("resourceVersion");
        return new ObjectDocument(JsonBytes.Encode(obj), 0);
    }
}
