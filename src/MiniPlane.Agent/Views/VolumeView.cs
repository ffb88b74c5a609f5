using System.Text.Json.Nodes;

namespace MiniPlane.Agent.Views;

/// <summary>core.v1.Volume, with the sources that a node without a driver can make.</summary>
internal sealed record VolumeView
{
    public string Name { get; set; } = "";

    public EmptyDirView? EmptyDir { get; set; }

    public HostPathView? HostPath { get; set; }

    public ConfigMapVolumeView? ConfigMap { get; set; }

    public SecretVolumeView? Secret { get; set; }

    public ProjectedVolumeView? Projected { get; set; }

    public DownwardVolumeView? DownwardAPI { get; set; }

    public ClaimVolumeView? PersistentVolumeClaim { get; set; }

    public EphemeralVolumeView? Ephemeral { get; set; }

    public ImageVolumeView? Image { get; set; }
}

/// <summary>core.v1.ImageVolumeSource: an image's files, read-only.</summary>
internal sealed record ImageVolumeView
{
    public string Reference { get; set; } = "";

    public string PullPolicy { get; set; } = "";
}

/// <summary>Its claim is named after the pod and the volume; the control plane makes it.</summary>
internal sealed record EphemeralVolumeView;

internal sealed record EmptyDirView
{
    public string Medium { get; set; } = "";

    public JsonNode? SizeLimit { get; set; }
}

internal sealed record HostPathView
{
    public string Path { get; set; } = "";

    public string Type { get; set; } = "";
}

internal sealed record ConfigMapVolumeView
{
    public string Name { get; set; } = "";

    public IReadOnlyList<KeyToPathView>? Items { get; set; }

    public int? DefaultMode { get; set; }

    public bool? Optional { get; set; }
}

internal sealed record SecretVolumeView
{
    public string SecretName { get; set; } = "";

    public IReadOnlyList<KeyToPathView>? Items { get; set; }

    public int? DefaultMode { get; set; }

    public bool? Optional { get; set; }
}

internal sealed record KeyToPathView
{
    public string Key { get; set; } = "";

    public string Path { get; set; } = "";

    public int? Mode { get; set; }
}

internal sealed record ProjectedVolumeView
{
    public IReadOnlyList<ProjectionView> Sources { get; set; } = [];

    public int? DefaultMode { get; set; }
}

internal sealed record ProjectionView
{
    public ProjectedObjectView? ConfigMap { get; set; }

    public ProjectedObjectView? Secret { get; set; }

    public DownwardVolumeView? DownwardAPI { get; set; }

    public TokenProjectionView? ServiceAccountToken { get; set; }
}

internal sealed record ProjectedObjectView
{
    public string Name { get; set; } = "";

    public IReadOnlyList<KeyToPathView>? Items { get; set; }

    public bool? Optional { get; set; }
}

internal sealed record TokenProjectionView
{
    public string Audience { get; set; } = "";

    public long? ExpirationSeconds { get; set; }

    public string Path { get; set; } = "";
}

internal sealed record DownwardVolumeView
{
    public IReadOnlyList<DownwardFileView> Items { get; set; } = [];

    public int? DefaultMode { get; set; }
}

internal sealed record DownwardFileView
{
    public string Path { get; set; } = "";

    public FieldRefView? FieldRef { get; set; }

    public ResourceFieldRefView? ResourceFieldRef { get; set; }

    public int? Mode { get; set; }
}

internal sealed record ClaimVolumeView
{
    public string ClaimName { get; set; } = "";

    public bool ReadOnly { get; set; }
}
