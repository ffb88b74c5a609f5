using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>Follows one kind: a list, then its changes, and a new list when the watch has expired.</summary>
internal abstract class WatchLoop(IClusterClient cluster, KindDefinition kind, ILogger logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    /// <summary>All objects as of now; whatever was known before and is not among them is gone.</summary>
    protected abstract void Reset(IReadOnlyList<ObjectDocument> documents);

    protected abstract void Change(ObjectDocument document, bool isGone);

    protected sealed override async Task RunAsync(CancellationToken cancellationToken)
    {
        ObjectList list = await cluster.ListAsync(kind, ListQuery.All, cancellationToken);
        Reset(list.Items);
        try
        {
            await foreach (ClusterEvent change in cluster.WatchAsync(kind, ListQuery.All, list.Revision, cancellationToken))
            {
                if (change.Document is { } document)
                {
                    Change(document, change.Type == ClusterEventType.Deleted);
                }
            }
        }
        catch (ApiException exception) when (exception.Code == 410)
        {
            // Too far behind: list again, as every client of a watch does.
        }
    }
}
