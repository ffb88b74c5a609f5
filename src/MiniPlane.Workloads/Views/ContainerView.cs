using System.Text.Json.Serialization;

namespace MiniPlane.Workloads.Views;

/// <summary>The fields of a container that this room reads (core.v1.Container).</summary>
internal sealed record ContainerView
{
    public string Name { get; set; } = "";

    public string Image { get; set; } = "";

    public string RestartPolicy { get; set; } = "";

    public ResourcesView Resources { get; set; } = new();

    public IReadOnlyList<EnvView> Env { get; set; } = [];

    public IReadOnlyList<EnvFromView> EnvFrom { get; set; } = [];

    /// <summary>An init container that runs on beside the others (a native sidecar).</summary>
    public bool IsSidecar => RestartPolicy == "Always";
}

internal sealed record ResourcesView
{
    [JsonConverter(typeof(AmountsConverter))]
    public Dictionary<string, string> Requests { get; set; } = new(StringComparer.Ordinal);

    [JsonConverter(typeof(AmountsConverter))]
    public Dictionary<string, string> Limits { get; set; } = new(StringComparer.Ordinal);
}

internal sealed record EnvView
{
    public string Name { get; set; } = "";

    public EnvSourceView? ValueFrom { get; set; }
}

internal sealed record EnvSourceView
{
    public NameView? ConfigMapKeyRef { get; set; }

    public NameView? SecretKeyRef { get; set; }
}

internal sealed record EnvFromView
{
    public NameView? ConfigMapRef { get; set; }

    public NameView? SecretRef { get; set; }
}
