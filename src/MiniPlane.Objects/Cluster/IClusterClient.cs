using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Cluster;

/// <summary>
/// The only way in which controllers, DNS and workloads see the cluster. Every write passes the same admission, defaulting and
/// validation as an HTTP request; every refusal is an <see cref="ApiException"/>. Reads are from memory and cost no copy.
/// </summary>
public interface IClusterClient
{
    IKindCatalogue Catalogue { get; }

    /// <summary>The object, or null.</summary>
    ValueTask<ObjectDocument?> FindAsync(KindDefinition kind, ObjectKey key, CancellationToken cancellationToken);

    /// <summary>All objects that match, and the revision from which to watch.</summary>
    ValueTask<ObjectList> ListAsync(KindDefinition kind, ListQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Changes after <paramref name="revision"/>, in commit order, until cancelled. Throws Expired (410) when the revision is
    /// too old or the reader too slow; then list again.
    /// </summary>
    IAsyncEnumerable<ClusterEvent> WatchAsync(
        KindDefinition kind, ListQuery query, long revision, CancellationToken cancellationToken);

    /// <summary>Creates the object; <c>metadata.namespace</c> in the body places it.</summary>
    ValueTask<ObjectDocument> CreateAsync(KindDefinition kind, JsonObject body, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the object, or with a subresource (<c>status</c>) only that part. A <c>metadata.resourceVersion</c> in the body
    /// makes it conditional.
    /// </summary>
    ValueTask<ObjectDocument> UpdateAsync(
        KindDefinition kind, JsonObject body, string? subresource, CancellationToken cancellationToken);

    /// <summary>Patches the object or one of its subresources.</summary>
    ValueTask<ObjectDocument> PatchAsync(
        KindDefinition kind,
        ObjectKey key,
        PatchType type,
        JsonNode patch,
        string? subresource,
        CancellationToken cancellationToken);

    /// <summary>Asks for deletion. Returns the object as it was last seen, or null if there was none.</summary>
    ValueTask<ObjectDocument?> DeleteAsync(
        KindDefinition kind, ObjectKey key, DeleteQuery query, CancellationToken cancellationToken);

    /// <summary>Calls another subresource with a body of its own kind (<c>binding</c>, <c>eviction</c>, <c>token</c>).</summary>
    ValueTask<JsonObject> CreateSubresourceAsync(
        KindDefinition kind, ObjectKey key, string subresource, JsonObject body, CancellationToken cancellationToken);
}
