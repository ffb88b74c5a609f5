using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>
/// Takes the objects of deleted definitions away, then lets the definitions go. Objects with finalizers may take long, so this does not
/// happen where definitions are served.
/// </summary>
internal sealed class DefinitionCleanupLoop(IClusterClient cluster, ILogger<DefinitionCleanupLoop> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // One note is as good as many: each round looks at all definitions.
    private readonly Channel<bool> _notes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A definition was marked as deleted.</summary>
    public void Wake() => _notes.Writer.TryWrite(true);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await RoundAsync(cancellationToken))
        {
            await Task.Delay(Interval, Time, cancellationToken);
        }

        await _notes.Reader.ReadAsync(cancellationToken);
    }

    // True while something is left to do.
    private async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        KindDefinition kind = cluster.Catalogue.FindKind("apiextensions.k8s.io/v1", "CustomResourceDefinition")
            ?? throw new InvalidOperationException("the catalogue has no CustomResourceDefinition");
        bool isLeft = false;
        foreach (ObjectDocument document in (await cluster.ListAsync(kind, ListQuery.All, cancellationToken)).Items)
        {
            if (document.Metadata.IsBeingDeleted && document.Metadata.Finalizers.Contains(InstanceRemoval.Finalizer, StringComparer.Ordinal))
            {
                isLeft |= !await FinishAsync(kind, document, cancellationToken);
            }
        }

        return isLeft;
    }

    private async Task<bool> FinishAsync(KindDefinition kind, ObjectDocument document, CancellationToken cancellationToken)
    {
        try
        {
            JsonObject definition = document.ToJson();
            CustomVersion? storage = CustomKinds.Of(definition, document.Revision, CancellationToken.None).FirstOrDefault(version => version.IsStorage);
            if (storage is { Kind.Plural.Length: > 0 } && !await InstanceRemoval.TryFinishAsync(cluster, storage.Kind, cancellationToken))
            {
                return false;
            }

            DefinitionConditions.Set(
                definition,
                DefinitionConditions.Terminating,
                false,
                "InstanceDeletionCompleted",
                "removed all instances",
                Time.GetUtcNow());
            ObjectDocument written = await cluster.UpdateAsync(kind, definition, "status", cancellationToken);
            var left = new JsonArray([.. written.Metadata.Finalizers.Where(name => name != InstanceRemoval.Finalizer).Select(name => JsonValue.Create(name))]);
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = written.ResourceVersion, ["finalizers"] = left.Count == 0 ? null : left },
            };
            await cluster.PatchAsync(kind, written.Key, PatchType.Merge, patch, null, cancellationToken);
            return true;
        }
        catch (ApiException error) when (error.Reason is "Conflict" or "NotFound")
        {
            // The definition moved on meanwhile; the next round looks again.
            return error.Reason == "NotFound";
        }
    }
}
