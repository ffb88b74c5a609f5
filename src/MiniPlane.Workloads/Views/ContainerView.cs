namespace MiniPlane.Workloads.Views;

/// <summary>The fields of a container that this room reads (core.v1.Container).</summary>
internal sealed record ContainerView
{
    public string Name { get; init; } = "";

    public string Image { get; init; } = "";

    public string RestartPolicy { get; init; } = "";

    public ResourcesView Resources { get; init; } = new();

    public IReadOnlyList<EnvView> Env { get; init; } = [];

    public IReadOnlyList<EnvFromView> EnvFrom { get; init; } = [];

    /// <summary>An init container that runs on beside the others (a native sidecar).</summary>
    public bool IsSidecar => RestartPolicy == "Always";
}

internal sealed record ResourcesView
{
    public Dictionary<string, string> Requests { get; init; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Limits { get; init; } = new(StringComparer.Ordinal);
}

internal sealed record EnvView
{
    public string Name { get; init; } = "";

    public EnvSourceView? ValueFrom { get; init; }
}

internal sealed record EnvSourceView
{
    public NameView? ConfigMapKeyRef { get; init; }

    public NameView? SecretKeyRef { get; init; }
}

internal sealed record EnvFromView
{
    public NameView? ConfigMapRef { get; init; }

    public NameView? SecretRef { get; init; }
}
