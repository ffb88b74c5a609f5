using System.Text.Json.Nodes;

namespace MiniPlane.Agent.Views;

/// <summary>core.v1.Container, as far as a node acts on it.</summary>
internal sealed record ContainerView
{
    public string Name { get; set; } = "";

    public string Image { get; set; } = "";

    public string ImagePullPolicy { get; set; } = "";

    public IReadOnlyList<string> Command { get; set; } = [];

    public IReadOnlyList<string> Args { get; set; } = [];

    public string WorkingDir { get; set; } = "";

    public IReadOnlyList<PortView> Ports { get; set; } = [];

    public IReadOnlyList<EnvFromView> EnvFrom { get; set; } = [];

    public IReadOnlyList<EnvVarView> Env { get; set; } = [];

    public IReadOnlyList<VolumeMountView> VolumeMounts { get; set; } = [];

    public ResourcesView Resources { get; set; } = new();

    public ProbeView? StartupProbe { get; set; }

    public ProbeView? LivenessProbe { get; set; }

    public ProbeView? ReadinessProbe { get; set; }

    public LifecycleView? Lifecycle { get; set; }

    public string TerminationMessagePath { get; set; } = "/dev/termination-log";

    public string TerminationMessagePolicy { get; set; } = "File";

    /// <summary>The container's own policy, instead of the pod's; "Always" on an init container makes it a sidecar.</summary>
    public string? RestartPolicy { get; set; }

    public IReadOnlyList<RestartRuleView> RestartPolicyRules { get; set; } = [];

    /// <summary>Of an ephemeral container: whose processes it is to see.</summary>
    public string TargetContainerName { get; set; } = "";

    public ContainerSecurityView? SecurityContext { get; set; }

    public bool Stdin { get; set; }

    public bool StdinOnce { get; set; }

    public bool Tty { get; set; }
}

internal sealed record PortView
{
    public string Name { get; set; } = "";

    public int ContainerPort { get; set; }

    public string Protocol { get; set; } = "";
}

internal sealed record ResourcesView
{
    public SortedDictionary<string, JsonNode> Limits { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, JsonNode> Requests { get; set; } = new(StringComparer.Ordinal);
}

internal sealed record VolumeMountView
{
    public string Name { get; set; } = "";

    public string MountPath { get; set; } = "";

    public bool ReadOnly { get; set; }

    public string SubPath { get; set; } = "";

    public string SubPathExpr { get; set; } = "";
}

internal sealed record LifecycleView
{
    public HandlerView? PostStart { get; set; }

    public HandlerView? PreStop { get; set; }

    /// <summary>Instead of the image's: SIGUSR1 for one.</summary>
    public string StopSignal { get; set; } = "";
}

/// <summary>core.v1.ContainerRestartRule: what happens at certain exit codes; the first that fits counts.</summary>
internal sealed record RestartRuleView
{
    public string Action { get; set; } = "";

    public ExitCodesView? ExitCodes { get; set; }
}

internal sealed record ExitCodesView
{
    public string Operator { get; set; } = "";

    public IReadOnlyList<int> Values { get; set; } = [];
}

internal sealed record CapabilitiesView
{
    public IReadOnlyList<string> Add { get; set; } = [];
}

internal sealed record ContainerSecurityView
{
    public bool? Privileged { get; set; }

    public CapabilitiesView? Capabilities { get; set; }

    public long? RunAsUser { get; set; }

    public long? RunAsGroup { get; set; }

    public bool? RunAsNonRoot { get; set; }

    public bool? ReadOnlyRootFilesystem { get; set; }
}
