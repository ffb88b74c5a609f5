using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Cluster;

/// <summary>
/// What running pods use, as their agents last measured it. Kept in memory only: it is the source of <c>metrics.k8s.io</c> and of
/// the autoscaler, and is gone with the pod.
/// </summary>
public interface IPodUsage
{
    /// <summary>The newest measurement of a pod; null when there is none, or only one too old to mean anything.</summary>
    PodUsage? Find(ObjectDocument pod);
}
