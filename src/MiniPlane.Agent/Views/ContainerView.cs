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

    /// <summary>Only "Always", on an init container: a sidecar.</summary>
    public string? RestartPolicy { get; set; }

    public ContainerSecurityView? SecurityContext { get; set; }

    public bool Stdin { get; set; }

    public bool StdinOnce { get; set; }

    public bool Tty { get; set; }
}

internal sealed record PortView
{
    public string Name { get; set; } = "";

    public int ContainerPort { get; set; }
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
}

internal sealed record ContainerSecurityView
{
    public long? RunAsUser { get; set; }

    public long? RunAsGroup { get; set; }

    public bool? RunAsNonRoot { get; set; }

    public bool? ReadOnlyRootFilesystem { get; set; }
}
