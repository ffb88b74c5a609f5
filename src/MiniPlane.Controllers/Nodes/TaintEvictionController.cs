using System.Collections.Concurrent;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Scheduling;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Controllers.Nodes;

/// <summary>
/// Deletes pods from nodes with a NoExecute taint that they do not tolerate, or tolerate only for a while (upstream's
/// taint-eviction-controller). Such taints are set by users only; this server's own keep pods away, but end none.
/// </summary>
internal sealed class TaintEvictionController(ClusterContext cluster) : IController
{
    private const string Component = "taint-eviction-controller";
    private const string Effect = "NoExecute";

    private readonly PodsOnNode _pods = new(cluster);

    // Pods that are to go later, and since when their time runs.
    private readonly ConcurrentDictionary<ObjectKey, (string Uid, DateTimeOffset Since)> _waiting = new();

    private KindDefinition Kind => cluster.Kinds.Pod;

    public string Name => Component;

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        new(Kind, change => _waiting.ContainsKey(change.Current.Key) || (change.After is { } pod && TaintsOf(pod).Any()) ? [change.Current.Key] : []),
        new(cluster.Kinds.Node, change => Taints(change.Before).SequenceEqual(Taints(change.After))
            ? []
            : _pods.Of(change.Current.Metadata.Name).Select(pod => pod.Key)),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (await cluster.Client.FindAsync(Kind, key, cancellationToken) is not { Metadata.IsBeingDeleted: false } pod)
        {
            _waiting.TryRemove(key, out _);
            return ReconcileResult.Done;
        }

        Taint[] taints = [.. TaintsOf(pod)];
        if (Patience(pod, taints) is not { } patience)
        {
            if (_waiting.TryRemove(key, out (string Uid, DateTimeOffset Since) known) && known.Uid == pod.Metadata.Uid)
            {
                cluster.Events.Normal(Kind, pod, "TaintManagerEviction", $"Cancelling deletion of Pod {pod.Key}", Component);
            }

            return ReconcileResult.Done;
        }

        TimeSpan left = Since(pod, taints) + patience - cluster.Now;
        if (left > TimeSpan.Zero)
        {
            return ReconcileResult.After(left);
        }

        await EvictAsync(pod, cancellationToken);
        _waiting.TryRemove(key, out _);
        return ReconcileResult.Done;
    }

    private static IEnumerable<Taint> Taints(ObjectDocument? node) =>
        node is null ? [] : node.AsNode().Spec.Taints.Where(taint => taint.Effect == Effect);

    private IEnumerable<Taint> TaintsOf(ObjectDocument pod) => pod.NodeOfPod() is { Length: > 0 } node
        ? Taints(cluster.Informers.For(cluster.Kinds.Node).Find(ObjectKey.Cluster(node)))
        : [];

    /// <summary>How long the pod may stay; null for as long as it likes.</summary>
    private static TimeSpan? Patience(ObjectDocument pod, Taint[] taints)
    {
        long? shortest = null;
        foreach (Taint taint in taints)
        {
            if (pod.AsPod().Spec.Tolerations.FirstOrDefault(toleration => Placement.Tolerates(toleration, taint)) is not { } tolerated)
            {
                return TimeSpan.Zero;
            }

            if (tolerated.TolerationSeconds is { } seconds)
            {
                shortest = Math.Min(shortest ?? long.MaxValue, Math.Max(0, seconds));
            }
        }

        return shortest is { } least ? Durations.Seconds(least) : null;
    }

    private DateTimeOffset Since(ObjectDocument pod, Taint[] taints)
    {
        DateTimeOffset added = taints.Select(taint => taint.TimeAdded).Min() ?? cluster.Now;
        (string uid, DateTimeOffset since) = _waiting.GetOrAdd(pod.Key, (pod.Metadata.Uid, added));
        if (uid != pod.Metadata.Uid)
        {
            _waiting[pod.Key] = (pod.Metadata.Uid, since = added);
        }

        return since;
    }

    private async Task EvictAsync(ObjectDocument pod, CancellationToken cancellationToken)
    {
        cluster.Events.Normal(Kind, pod, "TaintManagerEviction", $"Marking for deletion Pod {pod.Key}", Component);
        await cluster.Writer.UpdateStatusAsync(
            Kind,
            pod,
            status => StatusConditions.Set(
                status, "DisruptionTarget", value: true, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", cluster.Now),
            cancellationToken);
        await cluster.Writer.DeleteAsync(Kind, pod, DeleteQuery.Default, cancellationToken);
    }
}
