using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// How controllers write. Each write returns when the shared cache has seen it, so a reconcile never decides on a view older than
/// the controller's own writes; this does the work of client-go's expectations, without their bookkeeping.
/// </summary>
internal sealed class ClusterWriter(IClusterClient cluster, Informers informers)
{
    /// <summary>How long to wait for the cache; after that the write stands and the watch brings it later.</summary>
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromSeconds(5);

    public async Task<ObjectDocument> CreateAsync(KindDefinition kind, JsonObject body, CancellationToken cancellationToken) =>
        await SeenAsync(kind, await cluster.CreateAsync(kind, body, cancellationToken), cancellationToken);

    /// <summary>A JSON merge patch; with <c>metadata.resourceVersion</c> in it, only if nothing changed meanwhile.</summary>
    public async Task<ObjectDocument> MergeAsync(
        KindDefinition kind, ObjectKey key, JsonObject patch, string? subresource, CancellationToken cancellationToken) =>
        await SeenAsync(
            kind,
            await cluster.PatchAsync(kind, key, PatchType.Merge, patch, subresource, cancellationToken),
            cancellationToken);

    public async Task<ObjectDocument> UpdateAsync(
        KindDefinition kind, JsonObject body, string? subresource, CancellationToken cancellationToken) =>
        await SeenAsync(kind, await cluster.UpdateAsync(kind, body, subresource, cancellationToken), cancellationToken);

    /// <summary>
    /// Changes the status of the object as it was read, and writes only if something did change. Fails with Conflict when the
    /// object is no longer as it was read.
    /// </summary>
    public async Task<ObjectDocument> UpdateStatusAsync(
        KindDefinition kind, ObjectDocument current, Action<JsonObject> edit, CancellationToken cancellationToken)
    {
        JsonObject body = current.ToJson();
        JsonObject status = body.Ensure("status");
        JsonNode before = status.DeepClone();
        edit(status);
        return status.SameAs(before) ? current : await UpdateAsync(kind, body, "status", cancellationToken);
    }

    /// <summary>Deletes the object if it still has the uid. True when it was there.</summary>
    public async Task<bool> DeleteAsync(
        KindDefinition kind, ObjectDocument document, DeleteQuery query, CancellationToken cancellationToken)
    {
        ObjectKey key = document.Key;
        string uid = document.Metadata.Uid;
        ObjectDocument? last = await cluster.DeleteAsync(kind, key, query with { Uid = uid }, cancellationToken);
        if (informers.Find(kind) is { Synced.IsCompleted: true } informer)
        {
            await informer.WaitAsync(
                () => informer.Find(key) is not { } seen || seen.Metadata.Uid != uid || seen.Metadata.IsBeingDeleted,
                CatchUpLimit,
                cancellationToken);
        }

        return last is not null;
    }

    private async Task<ObjectDocument> SeenAsync(
        KindDefinition kind, ObjectDocument written, CancellationToken cancellationToken)
    {
        if (informers.Find(kind) is { Synced.IsCompleted: true } informer)
        {
            await informer.WaitAsync(() => informer.Revision >= written.Revision, CatchUpLimit, cancellationToken);
        }

        return written;
    }
}
