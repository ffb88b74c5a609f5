using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Collection;

/// <summary>
/// Keeps the number of ended pods bounded: beyond upstream's default of <c>--terminated-pod-gc-threshold</c> the oldest go.
/// </summary>
internal sealed class TerminatedPodCollector(ClusterContext cluster) : IController
{
    private const string ByEnd = "ended";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);

    /// <summary>How many ended pods stay.</summary>
    public int Threshold { get; init; } = 12_500;

    public string Name => "terminated-pod-garbage-collector";

    public IReadOnlyList<ControllerWatch> Watches
    {
        get
        {
            cluster.Informers.For(cluster.Kinds.Pod).AddIndex(ByEnd, static pod => pod.IsEndedPod() ? [ByEnd] : []);
            return [new ControllerWatch(cluster.Kinds.Pod, static _ => [])];
        }
    }

    public IReadOnlyList<ObjectKey> FirstKeys { get; } = [ObjectKey.Cluster(ByEnd)];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        ObjectDocument[] ended =
        [
            .. cluster.Informers.For(cluster.Kinds.Pod).ByIndex(ByEnd, ByEnd).Where(pod => !pod.Metadata.IsBeingDeleted),
        ];
        IEnumerable<ObjectDocument> surplus = ended
            .OrderBy(pod => pod.Metadata.CreationTimestamp)
            .ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .Take(Math.Max(0, ended.Length - Threshold));
        foreach (ObjectDocument pod in surplus)
        {
            await cluster.Writer.DeleteAsync(
                cluster.Kinds.Pod, pod, new DeleteQuery { GracePeriodSeconds = 0 }, cancellationToken);
        }

        return ReconcileResult.After(Period);
    }
}
