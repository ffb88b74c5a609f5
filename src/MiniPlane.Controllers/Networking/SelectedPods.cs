using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Networking;

/// <summary>Connects pods with the Services that select them, in both directions.</summary>
internal sealed class SelectedPods(ClusterContext cluster)
{
    public ControllerWatch Watch => new(cluster.Kinds.Pod, Services);

    /// <summary>The pods that a Service selects.</summary>
    public IEnumerable<ObjectDocument> Of(ObjectDocument service)
    {
        var selector = LabelSelector.FromLabels(
            service.AsService().Spec.Selector ?? new Dictionary<string, string>(StringComparer.Ordinal));
        return cluster.Informers.For(cluster.Kinds.Pod).InNamespace(service.Metadata.Namespace)
            .Where(pod => selector.Matches(pod.Metadata.Labels));
    }

    /// <summary>The Services that select a pod as it is, or did before its labels changed.</summary>
    private IEnumerable<ObjectKey> Services(ObjectChange change) =>
        cluster.Informers.For(cluster.Kinds.Service).InNamespace(change.Current.Metadata.Namespace)
            .Where(service => Selects(service, change.Before) || Selects(service, change.After))
            .Select(service => service.Key);

    private static bool Selects(ObjectDocument service, ObjectDocument? pod) =>
        pod is not null
        && service.AsService().Spec is { SelectsPods: true, Selector: { } labels }
        && LabelSelector.FromLabels(labels).Matches(pod.Metadata.Labels);
}
