namespace MiniPlane.Agent.Views;

/// <summary>
/// The fields of core.v1.Pod that a node acts on. Views are not changed but replaced as a whole (a pod's metadata, its ephemeral
/// containers); their properties have setters because the serializer source generator forgets the defaults of init properties.
/// </summary>
internal sealed record PodView
{
    public MetadataView Metadata { get; set; } = new();

    public PodSpecView Spec { get; set; } = new();

    public PodStatusView Status { get; set; } = new();
}

/// <summary>What is known of an earlier life of the pod, before its job was requeued.</summary>
internal sealed record PodStatusView
{
    public IReadOnlyList<ContainerStatusView> InitContainerStatuses { get; set; } = [];

    public IReadOnlyList<ContainerStatusView> ContainerStatuses { get; set; } = [];
}

internal sealed record ContainerStatusView
{
    public string Name { get; set; } = "";

    public ContainerStateView State { get; set; } = new();

    public ContainerStateView LastState { get; set; } = new();
}

internal sealed record ContainerStateView
{
    public RunningView? Running { get; set; }

    public TerminatedView? Terminated { get; set; }

    /// <summary>How the container ended. One that ran when it was last heard of has ended since, at the latest now.</summary>
    public Pods.ContainerState.Terminated? ToEnd(DateTimeOffset now) => Terminated?.ToState() ?? (Running is not { } running ? null : new()
    {
        ExitCode = 137,
        Reason = "ContainerStatusUnknown",
        Message = "The container could not be located when its job was put back into the queue",
        StartedAt = running.StartedAt,
        FinishedAt = now,
    });
}

internal sealed record RunningView
{
    public DateTimeOffset StartedAt { get; set; }
}

internal sealed record TerminatedView
{
    public int ExitCode { get; set; }

    public string Reason { get; set; } = "";

    public string Message { get; set; } = "";

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset FinishedAt { get; set; }

    public string ContainerID { get; set; } = "";

    public Pods.ContainerState.Terminated ToState() => new()
    {
        ExitCode = ExitCode,
        Reason = Reason,
        Message = Message,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
        ContainerId = ContainerID,
    };
}

internal sealed record MetadataView
{
    public string Name { get; set; } = "";

    public string Namespace { get; set; } = "";

    public string Uid { get; set; } = "";

    public SortedDictionary<string, string> Labels { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Annotations { get; set; } = new(StringComparer.Ordinal);
}

internal sealed record PodSpecView
{
    public IReadOnlyList<ContainerView> InitContainers { get; set; } = [];

    public IReadOnlyList<ContainerView> Containers { get; set; } = [];

    /// <summary>Added while the pod runs (kubectl debug); the list only grows.</summary>
    public IReadOnlyList<ContainerView> EphemeralContainers { get; set; } = [];

    public IReadOnlyList<VolumeView> Volumes { get; set; } = [];

    public IReadOnlyList<NameView> ImagePullSecrets { get; set; } = [];

    public IReadOnlyList<HostAliasView> HostAliases { get; set; } = [];

    public string RestartPolicy { get; set; } = "Always";

    public long? TerminationGracePeriodSeconds { get; set; }

    public string DnsPolicy { get; set; } = "ClusterFirst";

    public DnsConfigView? DnsConfig { get; set; }

    public string ServiceAccountName { get; set; } = "";

    public string NodeName { get; set; } = "";

    public string Hostname { get; set; } = "";

    public string Subdomain { get; set; } = "";

    public string? HostnameOverride { get; set; }

    public bool HostNetwork { get; set; }

    public bool? EnableServiceLinks { get; set; }

    public bool? ShareProcessNamespace { get; set; }

    public bool? SetHostnameAsFQDN { get; set; }

    public PodSecurityView SecurityContext { get; set; } = new();
}

internal sealed record NameView
{
    public string Name { get; set; } = "";
}

internal sealed record HostAliasView
{
    public string Ip { get; set; } = "";

    public IReadOnlyList<string> Hostnames { get; set; } = [];
}

internal sealed record DnsConfigView
{
    public IReadOnlyList<string> Nameservers { get; set; } = [];

    public IReadOnlyList<string> Searches { get; set; } = [];

    public IReadOnlyList<DnsOptionView> Options { get; set; } = [];
}

internal sealed record DnsOptionView
{
    public string Name { get; set; } = "";

    public string? Value { get; set; }
}

internal sealed record PodSecurityView
{
    public long? RunAsUser { get; set; }

    public long? RunAsGroup { get; set; }

    public bool? RunAsNonRoot { get; set; }

    public long? FsGroup { get; set; }

    public IReadOnlyList<long> SupplementalGroups { get; set; } = [];
}
