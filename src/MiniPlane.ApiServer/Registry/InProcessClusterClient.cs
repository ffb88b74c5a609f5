using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Selection;
using MiniPlane.ApiServer.Watching;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Registry;

/// <summary>The cluster client of the server's own parts: straight to the registry, through the same admission as HTTP.</summary>
internal sealed class InProcessClusterClient(ObjectRegistry registry) : IClusterClient
{
    public IKindCatalogue Catalogue => registry.Access.Catalogue;

    public async ValueTask<ObjectDocument?> FindAsync(KindDefinition kind, ObjectKey key, CancellationToken cancellationToken)
    {
        await registry.Access.PrepareAsync(kind, key, cancellationToken);
        return registry.Access.Find(kind, key);
    }

    public async ValueTask<ObjectList> ListAsync(KindDefinition kind, ListQuery query, CancellationToken cancellationToken)
    {
        if (StoreAccess.IsReadAsStored(kind))
        {
            return registry.Collections.ListStored(kind, query);
        }

        await registry.Collections.PrepareAsync(kind, query, cancellationToken);
        return registry.Collections.List(kind, query);
    }

    public async IAsyncEnumerable<ClusterEvent> WatchAsync(
        KindDefinition kind, ListQuery query, long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = ObjectFilter.From(kind, query.Labels, query.Fields);
        using IStoreWatch watch = Subscribe(kind, query.Namespace, filter, revision);
        while (await HasMoreAsync(watch, cancellationToken))
        {
            while (watch.Events.TryRead(out StoreEvent? change))
            {
                if (filter.NeedsPreparation)
                {
                    await registry.Access.PrepareAsync(kind, change, cancellationToken);
                }

                if (Transitions.Classify(change, filter) is { } type)
                {
                    ObjectDocument stored = Transitions.Document(change, type);
                    yield return new ClusterEvent(type, change.Revision, await PresentAsync(kind, stored, cancellationToken));
                }
            }
        }
    }

    public async ValueTask<ObjectDocument> CreateAsync(
        KindDefinition kind, JsonObject body, CancellationToken cancellationToken)
    {
        var place = new ObjectKey(kind.IsNamespaced ? body.TextOrEmpty("metadata", "namespace") : "", "");
        WriteResult result = await registry.CreateAsync(
            kind, place, (JsonObject)body.DeepClone(), WriteScope.ForInternal(), cancellationToken);
        return result.Document;
    }

    public async ValueTask<ObjectDocument> UpdateAsync(
        KindDefinition kind, JsonObject body, string? subresource, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(
            kind.IsNamespaced ? body.TextOrEmpty("metadata", "namespace") : "", body.TextOrEmpty("metadata", "name"));
        WriteResult result = await registry.ReplaceAsync(
            kind, key, body, subresource, WriteScope.ForInternal(), cancellationToken);
        return result.Document;
    }

    public async ValueTask<ObjectDocument> PatchAsync(
        KindDefinition kind,
        ObjectKey key,
        PatchType type,
        JsonNode patch,
        string? subresource,
        CancellationToken cancellationToken)
    {
        WriteResult result = await registry.PatchAsync(
            kind, key, type, patch, subresource, WriteScope.ForInternal(), cancellationToken);
        return result.Document;
    }

    public async ValueTask<ObjectDocument?> DeleteAsync(
        KindDefinition kind, ObjectKey key, DeleteQuery query, CancellationToken cancellationToken)
    {
        try
        {
            DeleteResult result = await registry.DeleteAsync(
                kind, key, query, WriteScope.ForInternal(), cancellationToken);
            return result.Document;
        }
        catch (ApiException error) when (error.Reason == "NotFound")
        {
            return null;
        }
    }

    public ValueTask<JsonObject> CreateSubresourceAsync(
        KindDefinition kind, ObjectKey key, string subresource, JsonObject body, CancellationToken cancellationToken) =>
        registry.CreateSubresourceAsync(
            kind, key, subresource, (JsonObject)body.DeepClone(), WriteScope.ForInternal(), cancellationToken);

    private async ValueTask<ObjectDocument> PresentAsync(KindDefinition kind, ObjectDocument stored, CancellationToken cancellationToken)
    {
        if (StoreAccess.IsReadAsStored(kind))
        {
            return stored;
        }

        await registry.Access.PrepareAsync(kind, [stored], cancellationToken);
        return registry.Access.ToVersion(stored, kind);
    }

    private IStoreWatch Subscribe(KindDefinition kind, string? ns, ObjectFilter filter, long revision)
    {
        try
        {
            return registry.Access.Store.Watch(kind.Collection, ns, filter.Topic, revision);
        }
        catch (WatchExpiredException expired)
        {
            throw ApiErrors.Expired(expired.Message);
        }
    }

    private static async ValueTask<bool> HasMoreAsync(IStoreWatch watch, CancellationToken cancellationToken)
    {
        try
        {
            return await watch.Events.WaitToReadAsync(cancellationToken);
        }
        catch (WatchExpiredException expired)
        {
            throw ApiErrors.Expired(expired.Message);
        }
    }
}
