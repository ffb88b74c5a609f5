using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Networking;

/// <summary>
/// Connects pods with the Services that select them, in both directions, by an index over one label of each selector: neither a pod's
/// change nor a Service's look goes through all of a namespace.
/// </summary>
internal sealed class SelectedPods
{
    private const string ByLabel = "label";
    private const string BySelector = "selector";

    private readonly ClusterContext _cluster;

    public SelectedPods(ClusterContext cluster)
    {
        _cluster = cluster;
        cluster.Informers.For(cluster.Kinds.Pod).AddIndex(
            ByLabel, static pod => pod.Metadata.Labels.Select(label => Value(pod.Metadata.Namespace, label)));
        cluster.Informers.For(cluster.Kinds.Service).AddIndex(
            BySelector, static service => First(service) is { } label ? [Value(service.Metadata.Namespace, label)] : []);
    }

    public ControllerWatch Watch => new(_cluster.Kinds.Pod, Services);

    /// <summary>The pods that a Service selects.</summary>
    public IEnumerable<ObjectDocument> Of(ObjectDocument service)
    {
        if (First(service) is not { } label)
        {
            return [];
        }

        LabelSelector selector = Selector(service);
        return _cluster.Informers.For(_cluster.Kinds.Pod).ByIndex(ByLabel, Value(service.Metadata.Namespace, label))
            .Where(pod => selector.Matches(pod.Metadata.Labels));
    }

    /// <summary>The Services that select a pod as it is, or did before its labels changed.</summary>
    private IEnumerable<ObjectKey> Services(ObjectChange change) =>
        Selecting(change.After).Concat(Selecting(change.Before)).Select(service => service.Key).Distinct();

    private IEnumerable<ObjectDocument> Selecting(ObjectDocument? pod) => pod is null ? [] : pod.Metadata.Labels
        .SelectMany(label => _cluster.Informers.For(_cluster.Kinds.Service).ByIndex(BySelector, Value(pod.Metadata.Namespace, label)))
        .Where(service => Selector(service).Matches(pod.Metadata.Labels));

    private static LabelSelector Selector(ObjectDocument service) =>
        service.AsService().Spec.Selector is { } labels ? LabelSelector.FromLabels(labels) : LabelSelector.Nothing;

    /// <summary>The label of a Service's selector that comes first by name; null when it selects no pods.</summary>
    private static KeyValuePair<string, string>? First(ObjectDocument service) =>
        service.AsService().Spec is { SelectsPods: true, Selector: { Count: > 0 } labels } ? labels.MinBy(label => label.Key, StringComparer.Ordinal) : null;

    private static string Value(string space, KeyValuePair<string, string> label) => $"{space}/{label.Key}={label.Value}";
}
