using MiniPlane.Controllers.Revisions;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Stateful;

/// <summary>A StatefulSet, its revisions and its pods at one moment. Pure.</summary>
internal sealed class StatefulState
{
    public StatefulState(ObjectDocument document, RevisionState revisions, IReadOnlyList<ObjectDocument> documents)
    {
        Document = document;
        Revisions = revisions;
        Documents = documents;
        Pods = [.. documents.Select(pod => new StatefulPod(pod)).OrderBy(pod => pod.Ordinal)];
        Replicas = new StatefulPod?[View.Spec.Wanted];
        foreach (StatefulPod pod in Pods.Where(IsInRange))
        {
            Replicas[pod.Ordinal - View.Spec.Start] = pod;
        }
    }

    public ObjectDocument Document { get; }

    public RevisionState Revisions { get; }

    public IReadOnlyList<ObjectDocument> Documents { get; }

    public StatefulSet View => Document.AsStatefulSet();

    /// <summary>All pods, by number.</summary>
    public IReadOnlyList<StatefulPod> Pods { get; }

    /// <summary>One place for each wanted pod, the first number first; null where there is none.</summary>
    public StatefulPod?[] Replicas { get; }

    /// <summary>Pods with numbers that are no longer wanted, the highest first.</summary>
    public IReadOnlyList<StatefulPod> Condemned => [.. Pods.Where(pod => !IsInRange(pod)).Reverse()];

    /// <summary>The revision that the set rolls to.</summary>
    public OwnedRevision Update => Revisions.Update;

    /// <summary>The revision that the set rolls from; the same when it rests.</summary>
    public OwnedRevision Current => Revisions.Find(View.Status.CurrentRevision) ?? Update;

    /// <summary>
    /// The pod that an ordered scale-down may take although it is not healthy: the unhealthy one with the lowest number, wanted ones first.
    /// </summary>
    public StatefulPod? FirstUnhealthy =>
        Replicas.FirstOrDefault(pod => pod is { IsHealthy: false }) ?? Condemned.LastOrDefault(pod => !pod.IsHealthy);

    /// <summary>Pods below the partition keep the old revision, also when they are made anew (upstream's isCurrentRevisionNeeded).</summary>
    public OwnedRevision RevisionFor(int ordinal)
    {
        StatefulSetStrategy strategy = View.Spec.UpdateStrategy;
        if (strategy.IsOnDelete)
        {
            return Update;
        }

        int keep = strategy.RollingUpdate is { } rolling ? rolling.Partition ?? 0 : View.Status.CurrentReplicas;
        return ordinal < View.Spec.Start + keep ? Current : Update;
    }

    private bool IsInRange(StatefulPod pod) =>
        pod.Ordinal >= View.Spec.Start && pod.Ordinal < View.Spec.Start + View.Spec.Wanted;
}
