using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Loops;
using MiniPlane.Workloads.Nodes;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// Follows all pods and keeps the ledger of those bound to our nodes. It starts over when its watch expires, and when a new
/// node appears that pods may have been bound to already.
/// </summary>
internal sealed class PodWatcher(
    IClusterClient cluster, ClusterKinds kinds, NodeRegistry registry, PodLedger ledger, DelayedQueue queue, ILogger<PodWatcher> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        CancellationToken changed = registry.Changed;
        using var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, changed);
        long revision = await ListAsync(cancellationToken);
        try
        {
            await foreach (ClusterEvent change in cluster.WatchAsync(kinds.Pods, ListQuery.All, revision, round.Token))
            {
                if (change.Document is { } pod)
                {
                    Take(pod, isGone: change.Type == ClusterEventType.Deleted);
                }
            }
        }
        catch (OperationCanceledException) when (changed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // A new node: look at all pods again.
        }
        catch (Objects.Errors.ApiException exception) when (exception.Code == 410)
        {
            // Too far behind: list again, as every client of a watch does.
        }
    }

    /// <summary>Brings the ledger up to date with one list.</summary>
    internal async Task<long> ListAsync(CancellationToken cancellationToken)
    {
        ObjectList pods = await cluster.ListAsync(kinds.Pods, ListQuery.All, cancellationToken);
        HashSet<string> uids = [.. pods.Items.Select(pod => pod.Metadata.Uid)];
        foreach (string uid in ledger.Existing.Where(uid => !uids.Contains(uid)))
        {
            ledger.SetExists(uid, exists: false);
        }

        foreach (PodEntry entry in ledger.All.Where(entry => !uids.Contains(entry.Uid)))
        {
            entry.IsGone = true;
            queue.Add(entry.Uid);
        }

        foreach (ObjectDocument pod in pods.Items)
        {
            Take(pod, isGone: false);
        }

        ledger.IsComplete = true;
        return pods.Revision;
    }

    private void Take(ObjectDocument pod, bool isGone)
    {
        string uid = pod.Metadata.Uid;
        ledger.SetExists(uid, !isGone);
        if (ledger.Find(uid) is { } entry)
        {
            entry.Document = pod;
            entry.IsGone = isGone;
        }
        else if (isGone || !pod.Mentions("\"nodeName\":"u8)
            || registry.Find(pod.As(WorkloadsJson.Default.PodView).Spec.NodeName) is not { } partition)
        {
            return;
        }
        else
        {
            ledger.Add(new PodEntry(pod, partition.Name));
        }

        queue.Add(uid);
    }
}
