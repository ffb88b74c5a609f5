using System.Text.Json.Nodes;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;
using MiniPlane.Objects.Quotas;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Scheduling;

/// <summary>What a pod asks of the node it may be placed on.</summary>
internal sealed record PodNeeds
{
    public IReadOnlyList<string> Partitions { get; init; } = [];

    public LabelSelector NodeLabels { get; init; } = LabelSelector.Everything;

    /// <summary>Required node affinity; null when there is none.</summary>
    public NodeSelector? Required { get; init; }

    public IReadOnlyList<(long Weight, NodeSelectorTerm Term)> Preferred { get; init; } = [];

    public IReadOnlyList<Toleration> Tolerations { get; init; } = [];

    public IReadOnlyDictionary<string, Quantity> Requests { get; init; } = new Dictionary<string, Quantity>(StringComparer.Ordinal);

    public VolumeNeeds Volumes { get; init; } = VolumeNeeds.None;

    public static PodNeeds From(ObjectDocument document)
    {
        PodSpec pod = document.AsPod().Spec;
        JsonNode? affinity = document.ToJson().At("spec", "affinity", "nodeAffinity");
        JsonNode? required = affinity.At("requiredDuringSchedulingIgnoredDuringExecution");
        return new PodNeeds
        {
            Partitions = RequestedPartition.Of(document.Metadata.Annotations),
            NodeLabels = pod.NodeSelector is { } labels ? LabelSelector.FromLabels(labels) : LabelSelector.Everything,
            Required = required is null ? null : NodeSelector.FromJson(required),
            Preferred =
            [
                .. affinity.Objects("preferredDuringSchedulingIgnoredDuringExecution")
                    .Select(term => (term.Integer("weight") ?? 0, NodeSelectorTerm.FromJson(term["preference"]))),
            ],
            Tolerations = pod.Tolerations,
            Requests = PodTotals.Requests(document.ToJson()["spec"]),
        };
    }
}
