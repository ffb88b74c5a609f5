using System.Text.Json.Serialization;

namespace MiniPlane.Workloads.Views;

/// <summary>
/// The fields of a Pod that this room reads (core.v1.Pod). Properties have setters because generated deserialization
/// would give absent <c>init</c> properties null instead of their default.
/// </summary>
internal sealed record PodView
{
    public PodMetadataView Metadata { get; set; } = new();

    public PodSpecView Spec { get; set; } = new();

    public PodStatusView Status { get; set; } = new();

    public bool IsFinished => Status.Phase is "Succeeded" or "Failed";
}

internal sealed record PodMetadataView
{
    public string Name { get; set; } = "";

    public string Namespace { get; set; } = "";

    public string Uid { get; set; } = "";

    public Dictionary<string, string> Labels { get; set; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Annotations { get; set; } = new(StringComparer.Ordinal);

    public DateTimeOffset? DeletionTimestamp { get; set; }

    public long? DeletionGracePeriodSeconds { get; set; }
}

internal sealed record PodSpecView
{
    public string NodeName { get; set; } = "";

    public string RestartPolicy { get; set; } = "Always";

    public string ServiceAccountName { get; set; } = "";

    public string PriorityClassName { get; set; } = "";

    public bool HostNetwork { get; set; }

    public bool? EnableServiceLinks { get; set; }

    public long? ActiveDeadlineSeconds { get; set; }

    public long? TerminationGracePeriodSeconds { get; set; }

    public Dictionary<string, string> NodeSelector { get; set; } = new(StringComparer.Ordinal);

    [JsonConverter(typeof(AmountsConverter))]
    public Dictionary<string, string> Overhead { get; set; } = new(StringComparer.Ordinal);

    public ResourcesView? Resources { get; set; }

    public IReadOnlyList<ContainerView> InitContainers { get; set; } = [];

    public IReadOnlyList<ContainerView> Containers { get; set; } = [];

    /// <summary>Added to the running pod; they ask for no resources of their own.</summary>
    public IReadOnlyList<ContainerView> EphemeralContainers { get; set; } = [];

    public IReadOnlyList<VolumeView> Volumes { get; set; } = [];

    public IReadOnlyList<NameView> ImagePullSecrets { get; set; } = [];

    public IReadOnlyList<ReadinessGateView> ReadinessGates { get; set; } = [];

    public IEnumerable<ContainerView> AllContainers => InitContainers.Concat(Containers).Concat(EphemeralContainers);
}

internal sealed record PodStatusView
{
    public string Phase { get; set; } = "";

    public string PodIP { get; set; } = "";
}

internal sealed record ReadinessGateView
{
    public string ConditionType { get; set; } = "";
}

internal sealed record NameView
{
    public string Name { get; set; } = "";
}
