using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>Deletes all objects of a kind whose definition goes away (apiextensions-apiserver/pkg/controller/finalizer).</summary>
internal static class InstanceRemoval
{
    public const string Finalizer = "customresourcecleanup.apiextensions.k8s.io";

    /// <summary>What the first request to delete a definition does to it, before it is marked as deleted.</summary>
    public static void Begin(JsonObject definition, DateTimeOffset now)
    {
        if (definition.Has("metadata", "deletionTimestamp"))
        {
            return;
        }

        JsonArray finalizers = definition.Ensure("metadata").EnsureArray("finalizers");
        if (!finalizers.Any(name => name.Text() == Finalizer))
        {
            finalizers.Add((JsonNode)Finalizer);
        }

        DefinitionConditions.Set(
            definition,
            DefinitionConditions.Terminating,
            true,
            "InstanceDeletionPending",
            "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
            now);
    }

    /// <summary>Asks for the deletion of every object; false while some hold out.</summary>
    public static async Task<bool> TryFinishAsync(IClusterClient cluster, KindDefinition kind, CancellationToken cancellationToken)
    {
        ObjectList list = await cluster.ListAsync(kind, ListQuery.All, cancellationToken);
        foreach (ObjectDocument document in list.Items.Where(document => !document.Metadata.IsBeingDeleted))
        {
            await DeleteAsync(cluster, kind, document, cancellationToken);
        }

        return list.Items.Count == 0 || (await cluster.ListAsync(kind, ListQuery.All, cancellationToken)).Items.Count == 0;
    }

    private static async Task DeleteAsync(
        IClusterClient cluster, KindDefinition kind, ObjectDocument document, CancellationToken cancellationToken)
    {
        try
        {
            await cluster.DeleteAsync(kind, document.Key, DeleteQuery.Default, cancellationToken);
        }
        catch (ApiException error) when (error.Reason == "Conflict")
        {
            // It changed meanwhile; the next round sees it again.
        }
    }
}
