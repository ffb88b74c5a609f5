namespace MiniPlane.Workloads.Views;

/// <summary>The fields of a Pod that this room reads (core.v1.Pod).</summary>
internal sealed record PodView
{
    public PodMetadataView Metadata { get; init; } = new();

    public PodSpecView Spec { get; init; } = new();

    public PodStatusView Status { get; init; } = new();

    public bool IsFinished => Status.Phase is "Succeeded" or "Failed";
}

internal sealed record PodMetadataView
{
    public string Name { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Uid { get; init; } = "";

    public Dictionary<string, string> Labels { get; init; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Annotations { get; init; } = new(StringComparer.Ordinal);

    public DateTimeOffset? DeletionTimestamp { get; init; }

    public long? DeletionGracePeriodSeconds { get; init; }
}

internal sealed record PodSpecView
{
    public string NodeName { get; init; } = "";

    public string RestartPolicy { get; init; } = "Always";

    public string ServiceAccountName { get; init; } = "";

    public string PriorityClassName { get; init; } = "";

    public bool HostNetwork { get; init; }

    public bool? EnableServiceLinks { get; init; }

    public long? ActiveDeadlineSeconds { get; init; }

    public long? TerminationGracePeriodSeconds { get; init; }

    public Dictionary<string, string> NodeSelector { get; init; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Overhead { get; init; } = new(StringComparer.Ordinal);

    public ResourcesView? Resources { get; init; }

    public IReadOnlyList<ContainerView> InitContainers { get; init; } = [];

    public IReadOnlyList<ContainerView> Containers { get; init; } = [];

    public IReadOnlyList<VolumeView> Volumes { get; init; } = [];

    public IReadOnlyList<NameView> ImagePullSecrets { get; init; } = [];

    public IReadOnlyList<ReadinessGateView> ReadinessGates { get; init; } = [];

    public IEnumerable<ContainerView> AllContainers => InitContainers.Concat(Containers);
}

internal sealed record PodStatusView
{
    public string Phase { get; init; } = "";

    public string PodIP { get; init; } = "";
}

internal sealed record ReadinessGateView
{
    public string ConditionType { get; init; } = "";
}

internal sealed record NameView
{
    public string Name { get; init; } = "";
}
