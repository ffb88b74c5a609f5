using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Conversions;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.ApiServer.CustomResources.Conversion;
using MiniPlane.ApiServer.Tables;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Registry;

/// <summary>The store as the registry uses it: by kind and key, in the version of the kind that was asked for.</summary>
internal sealed class StoreAccess(IRevisionStore store, IKindCatalogue catalogue, ConversionClient conversions)
{
    private readonly WriteGate _gate = new();

    public IRevisionStore Store => store;

    public IKindCatalogue Catalogue => catalogue;

    public KindDefinition StorageKind(KindDefinition kind) => VersionConversions.StorageKind(catalogue, kind);

    /// <summary>
    /// The version in which a write is admitted and validated: of custom kinds the one that was asked for, of built-in kinds the stored
    /// one.
    /// </summary>
    public KindDefinition WorkingKind(KindDefinition kind) => kind.Custom is null ? StorageKind(kind) : kind;

    /// <summary>The newest document in the version of a working kind, or null.</summary>
    public ObjectDocument? FindWorking(KindDefinition kind, ObjectKey key) => kind.Custom is null ? FindStored(kind, key) : Find(kind, key);

    /// <summary>Whether documents of the kind may have to be converted by a webhook, and so must be prepared before they are read.</summary>
    public static bool NeedsPreparation(KindDefinition kind) => kind.Custom is CustomResource { Conversion: not null, HasSeveralVersions: true };

    /// <summary>
    /// Whether this server's own lists and watches of the kind show objects in whatever version they were stored. They ask for the storage
    /// version for the sake of the metadata, which a webhook that does not answer must not keep from them.
    /// </summary>
    public static bool IsReadAsStored(KindDefinition kind) => NeedsPreparation(kind) && kind.Custom?.Storage.ApiVersion == kind.ApiVersion;

    /// <summary>Has documents converted by the kind's webhook, if it has one; afterwards they are read as any others.</summary>
    public ValueTask PrepareAsync(KindDefinition kind, IEnumerable<ObjectDocument> documents, CancellationToken cancellationToken) =>
        kind.Custom is CustomResource custom ? custom.PrepareAsync(documents, kind, conversions, cancellationToken) : ValueTask.CompletedTask;

    /// <summary>The same for the newest document under a key.</summary>
    public ValueTask PrepareAsync(KindDefinition kind, ObjectKey key, CancellationToken cancellationToken) =>
        NeedsPreparation(kind) && FindStored(kind, key) is { } document ? PrepareAsync(kind, [document], cancellationToken) : ValueTask.CompletedTask;

    /// <summary>The same for both sides of a change.</summary>
    public ValueTask PrepareAsync(KindDefinition kind, StoreEvent change, CancellationToken cancellationToken) =>
        PrepareAsync(kind, change.Previous is { } previous ? [change.Document, previous] : [change.Document], cancellationToken);

    /// <summary>The document is stored in a version that is no longer the storage version, so that even a change of nothing is written.</summary>
    public bool IsStale(KindDefinition kind, ObjectKey key) => kind.Custom is CustomResource { HasSeveralVersions: true } custom
        && FindStored(kind, key) is { } stored
        && stored.ToJson().Text("apiVersion") != custom.Storage.ApiVersion;

    /// <summary>The stored document, in its storage version.</summary>
    public ObjectDocument? FindStored(KindDefinition kind, ObjectKey key) => store.Find(new StoreKey(kind.Collection, key));

    /// <summary>The document in the version of <paramref name="kind"/>, or null.</summary>
    public ObjectDocument? Find(KindDefinition kind, ObjectKey key) =>
        FindStored(kind, key) is { } document ? ToVersion(document, kind) : null;

    public ObjectDocument Get(KindDefinition kind, ObjectKey key) =>
        Find(kind, key) ?? throw ApiErrors.NotFound(kind, key.Name);

    public ObjectDocument ToVersion(ObjectDocument document, KindDefinition kind) => kind.Custom is CustomResource custom
        ? custom.Present(document, kind)
        : VersionConversions.Convert(document, StorageKind(kind), kind);

    /// <summary>
    /// Commits; null means that someone else was faster. A disk that refuses is 507 for a full disk's sake: the client must know
    /// that nothing was written. 429 when too many writes wait already.
    /// </summary>
    public async ValueTask<ObjectDocument?> TryWriteAsync(
        KindDefinition kind,
        ObjectKey key,
        long expected,
        JsonObject obj,
        bool isDelete,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        _gate.Enter(scope.User);
        try
        {
            if (kind.Custom is CustomResource { HasSeveralVersions: true })
            {
                obj = await ConvertAsync(obj, kind, StorageKind(kind), cancellationToken);
            }

            var draft = DraftDocument.From(obj, isDelete ? null : PreparedRow.OfWrite(kind, obj));
            return await WriteAsync(kind, key, expected, draft, isDelete, cancellationToken);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>The same for what is in its storage version already.</summary>
    public async ValueTask<ObjectDocument?> TryWriteAsync(
        KindDefinition kind,
        ObjectKey key,
        long expected,
        DraftDocument draft,
        bool isDelete,
        WriteScope scope,
        CancellationToken cancellationToken)
    {
        _gate.Enter(scope.User);
        try
        {
            return await WriteAsync(kind, key, expected, draft, isDelete, cancellationToken);
        }
        finally
        {
            _gate.Leave();
        }
    }

    private async ValueTask<ObjectDocument?> WriteAsync(
        KindDefinition kind, ObjectKey key, long expected, DraftDocument draft, bool isDelete, CancellationToken cancellationToken)
    {
        var write = new StoreWrite(new StoreKey(kind.Collection, key), expected, draft, isDelete);
        return await store.WriteAsync(write, cancellationToken) switch
        {
            WriteOutcome.Written written => await WrittenAsync(written.Document, kind, cancellationToken),
            WriteOutcome.Stale => null,
            WriteOutcome.Refused refused => throw ApiErrors.InsufficientStorage(
                $"the object store refused the write: {refused.Reason}"),
            _ => throw ApiErrors.Internal("the object store gave an unknown answer"),
        };
    }

    /// <summary>A copy of an object of one version of a kind in another; the kind's webhook is asked if it has one.</summary>
    public async ValueTask<JsonObject> ConvertAsync(
        JsonObject obj, KindDefinition from, KindDefinition to, CancellationToken cancellationToken)
    {
        if (from.Custom is CustomResource { Conversion: { } webhook } && from.ApiVersion != to.ApiVersion)
        {
            return (await conversions.ConvertAsync(webhook, to, [obj], cancellationToken))[0];
        }

        var copy = (JsonObject)obj.DeepClone();
        VersionConversions.Convert(copy, from, to);
        return copy;
    }

    private async ValueTask<ObjectDocument> WrittenAsync(ObjectDocument document, KindDefinition kind, CancellationToken cancellationToken)
    {
        if (kind.Custom is null)
        {
            return document;
        }

        await PrepareAsync(kind, [document], cancellationToken);
        return ToVersion(document, kind);
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
