namespace MiniPlane.Workloads.Views;

/// <summary>The sources of a volume that name other objects (core.v1.Volume).</summary>
internal sealed record VolumeView
{
    public string Name { get; set; } = "";

    public NameView? ConfigMap { get; set; }

    public SecretVolumeView? Secret { get; set; }

    public ClaimVolumeView? PersistentVolumeClaim { get; set; }

    public ProjectedVolumeView? Projected { get; set; }

    public EphemeralVolumeView? Ephemeral { get; set; }
}

/// <summary>Its claim is named after the pod and the volume.</summary>
internal sealed record EphemeralVolumeView;

internal sealed record SecretVolumeView
{
    public string SecretName { get; set; } = "";
}

internal sealed record ClaimVolumeView
{
    public string ClaimName { get; set; } = "";
}

internal sealed record ProjectedVolumeView
{
    public IReadOnlyList<ProjectionView> Sources { get; set; } = [];
}

internal sealed record ProjectionView
{
    public NameView? ConfigMap { get; set; }

    public NameView? Secret { get; set; }

    public TokenProjectionView? ServiceAccountToken { get; set; }
}

internal sealed record TokenProjectionView
{
    public string Audience { get; set; } = "";

    public long? ExpirationSeconds { get; set; }

    public string Path { get; set; } = "";
}
