using System.Collections.Concurrent;
using MiniPlane.Controllers.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Collection;

/// <summary>
/// Removes pods that nobody will ever end: those of a node that has gone, and those being deleted before they got a node.
/// </summary>
internal sealed class PodCollector : IController
{
    /// <summary>A node may be made anew in a moment; its pods stay for this long (upstream's quarantine).</summary>
    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(40);

    private readonly ClusterContext _cluster;
    private readonly PodsOnNode _pods;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _missingSince = new(StringComparer.Ordinal);

    public PodCollector(ClusterContext cluster)
    {
        _cluster = cluster;
        _pods = new PodsOnNode(cluster);
    }

    public string Name => "pod-garbage-collector-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        new(_cluster.Kinds.Pod, change => change.After is { } pod && IsSuspect(pod) ? [pod.Key] : []),
        new(_cluster.Kinds.Node, change => change.After is null ? PodsOf(change.Current.Metadata.Name) : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        KindDefinition kind = _cluster.Kinds.Pod;
        if (await _cluster.Client.FindAsync(kind, key, cancellationToken) is not { } pod)
        {
            return ReconcileResult.Done;
        }

        if (pod.NodeOfPod() is not { Length: > 0 } node)
        {
            if (pod.Metadata.IsBeingDeleted)
            {
                await RemoveAsync(pod, cancellationToken);
            }

            return ReconcileResult.Done;
        }

        if (await _cluster.Client.FindAsync(_cluster.Kinds.Node, ObjectKey.Cluster(node), cancellationToken) is not null)
        {
            _missingSince.TryRemove(node, out _);
            return ReconcileResult.Done;
        }

        DateTimeOffset since = _missingSince.GetOrAdd(node, _cluster.Now);
        TimeSpan left = since + Quarantine - _cluster.Now;
        if (left > TimeSpan.Zero)
        {
            return ReconcileResult.After(left);
        }

        await RemoveAsync(await FailAsync(pod, cancellationToken), cancellationToken);
        return ReconcileResult.Done;
    }

    private bool IsSuspect(ObjectDocument pod)
    {
        string node = pod.NodeOfPod();
        return node.Length == 0
            ? pod.Metadata.IsBeingDeleted
            : _cluster.Informers.For(_cluster.Kinds.Node).Find(ObjectKey.Cluster(node)) is null;
    }

    private IEnumerable<ObjectKey> PodsOf(string node) => _pods.Of(node).Select(pod => pod.Key);

    /// <summary>Says why before the pod goes, so that its Job or a watcher learns of it.</summary>
    private async Task<ObjectDocument> FailAsync(ObjectDocument pod, CancellationToken cancellationToken) =>
        pod.AsPod().IsTerminal
            ? pod
            : await _cluster.Writer.UpdateStatusAsync(
                _cluster.Kinds.Pod,
                pod,
                status =>
                {
                    status["phase"] = "Failed";
                    StatusConditions.Set(
                        status, "DisruptionTarget", value: true, "DeletionByPodGC", "PodGC: node no longer exists", _cluster.Now);
                },
                cancellationToken);

    private async Task RemoveAsync(ObjectDocument pod, CancellationToken cancellationToken) => await _cluster.Writer.DeleteAsync(
        _cluster.Kinds.Pod, pod, new DeleteQuery { GracePeriodSeconds = 0 }, cancellationToken);
}
