using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Namespaces;

/// <summary>
/// Empties namespaces that are being deleted: everything of every namespaced kind, pods first, then removes the namespace's own
/// finalizer. What is still there is told in the namespace's conditions.
/// </summary>
internal sealed class NamespaceController(ClusterContext cluster) : IController
{
    private const string Finalizer = "kubernetes";

    /// <summary>So many objects are deleted at once, for the store commits them together.</summary>
    private const int AtOnce = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public string Name => "namespace-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        new(cluster.Kinds.Namespace, static change => change.After is { Metadata.IsBeingDeleted: true } after ? [after.Key] : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        KindDefinition kind = cluster.Kinds.Namespace;
        ObjectDocument? current = await cluster.Client.FindAsync(kind, key, cancellationToken);
        if (current is not { Metadata.IsBeingDeleted: true })
        {
            return ReconcileResult.Done;
        }

        if (current.AsNamespace().Spec.Finalizers.Contains(Finalizer, StringComparer.Ordinal))
        {
            NamespaceContent content = await DeleteContentAsync(key.Name, cancellationToken);
            current = await cluster.Writer.UpdateStatusAsync(
                kind, current, status => SetConditions(status, content), cancellationToken);
            if (!content.IsEmpty)
            {
                return ReconcileResult.After(Patience);
            }

            await FinalizeAsync(current, cancellationToken);
        }

        return await RemoveAsync(key, current.Metadata.Uid, cancellationToken);
    }

    private async Task<NamespaceContent> DeleteContentAsync(string name, CancellationToken cancellationToken)
    {
        var content = new NamespaceContent();
        await DeleteAllAsync(cluster.Kinds.Pod, name, content, cancellationToken);
        if (!content.IsEmpty)
        {
            // Pods end first, while what they use (Secrets, network policies) is still there.
            return content;
        }

        IEnumerable<KindDefinition> kinds = cluster.Client.Catalogue.Kinds
            .Where(kind => kind.IsNamespaced
                && kind.Verbs.Contains("list", StringComparer.Ordinal)
                && kind.Verbs.Contains("delete", StringComparer.Ordinal))
            .DistinctBy(kind => kind.Collection, StringComparer.Ordinal);
        foreach (KindDefinition kind in kinds)
        {
            await DeleteAllAsync(kind, name, content, cancellationToken);
        }

        return content;
    }

    private async Task DeleteAllAsync(
        KindDefinition kind, string name, NamespaceContent content, CancellationToken cancellationToken)
    {
        try
        {
            ObjectList list = await cluster.Client.ListAsync(kind, ListQuery.InNamespace(name), cancellationToken);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(
                list.Items.Where(item => !item.Metadata.IsBeingDeleted),
                parallel,
                async (document, token) =>
                {
                    var query = new DeleteQuery { PropagationPolicy = "Background", Uid = document.Metadata.Uid };
                    await cluster.Client.DeleteAsync(kind, document.Key, query, token);
                });

            list = list.Items.Count == 0
                ? list
                : await cluster.Client.ListAsync(kind, ListQuery.InNamespace(name), cancellationToken);
            foreach (ObjectDocument document in list.Items)
            {
                content.AddRemaining(kind.Collection, document.Metadata.Finalizers);
            }
        }
        catch (ApiException exception)
        {
            content.AddFailure($"{kind.Collection}: {exception.Message}");
        }
    }

    private void SetConditions(JsonObject status, NamespaceContent content)
    {
        DateTimeOffset now = cluster.Now;
        Set("NamespaceDeletionDiscoveryFailure", isTrue: false, "ResourcesDiscovered", "All resources successfully discovered");
        Set("NamespaceDeletionGroupVersionParsingFailure", isTrue: false, "ParsedGroupVersions", "All legacy kube types successfully parsed");
        Set(
            "NamespaceDeletionContentFailure",
            content.HasFailures,
            content.HasFailures ? "ContentDeletionFailed" : "ContentDeleted",
            content.HasFailures ? content.FailuresMessage : "All content successfully deleted, may be waiting on finalization");
        Set(
            "NamespaceContentRemaining",
            content.HasRemaining,
            content.HasRemaining ? "SomeResourcesRemain" : "ContentRemoved",
            content.HasRemaining ? content.RemainingMessage : "All content successfully removed");
        Set(
            "NamespaceFinalizersRemaining",
            content.HasFinalizers,
            content.HasFinalizers ? "SomeFinalizersRemain" : "ContentHasNoFinalizers",
            content.HasFinalizers ? content.FinalizersMessage : "All content-preserving finalizers finished");

        void Set(string type, bool isTrue, string reason, string message) =>
            StatusConditions.Set(status, type, isTrue, reason, message, now);
    }

    private async Task FinalizeAsync(ObjectDocument current, CancellationToken cancellationToken)
    {
        JsonObject body = current.ToJson();
        body.Ensure("spec")["finalizers"] = new JsonArray(
            [.. current.AsNamespace().Spec.Finalizers.Where(name => name != Finalizer).Select(name => JsonValue.Create(name))]);
        await cluster.Writer.UpdateAsync(cluster.Kinds.Namespace, body, "finalize", cancellationToken);
    }

    private async Task<ReconcileResult> RemoveAsync(ObjectKey key, string uid, CancellationToken cancellationToken)
    {
        KindDefinition kind = cluster.Kinds.Namespace;
        ObjectDocument? left = await cluster.Client.FindAsync(kind, key, cancellationToken);
        if (left is { Metadata: { IsBeingDeleted: true, Finalizers.Count: 0 } }
            && left.Metadata.Uid == uid
            && left.AsNamespace().Spec.Finalizers.Count == 0)
        {
            await cluster.Writer.DeleteAsync(kind, left, DeleteQuery.Default, cancellationToken);
        }

        return ReconcileResult.Done;
    }
}
