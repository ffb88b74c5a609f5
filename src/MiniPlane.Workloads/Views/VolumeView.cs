namespace MiniPlane.Workloads.Views;

/// <summary>The sources of a volume that name other objects (core.v1.Volume).</summary>
internal sealed record VolumeView
{
    public string Name { get; init; } = "";

    public NameView? ConfigMap { get; init; }

    public SecretVolumeView? Secret { get; init; }

    public ClaimVolumeView? PersistentVolumeClaim { get; init; }

    public ProjectedVolumeView? Projected { get; init; }
}

internal sealed record SecretVolumeView
{
    public string SecretName { get; init; } = "";
}

internal sealed record ClaimVolumeView
{
    public string ClaimName { get; init; } = "";
}

internal sealed record ProjectedVolumeView
{
    public IReadOnlyList<ProjectionView> Sources { get; init; } = [];
}

internal sealed record ProjectionView
{
    public NameView? ConfigMap { get; init; }

    public NameView? Secret { get; init; }

    public TokenProjectionView? ServiceAccountToken { get; init; }
}

internal sealed record TokenProjectionView
{
    public string Audience { get; init; } = "";

    public long? ExpirationSeconds { get; init; }

    public string Path { get; init; } = "";
}
