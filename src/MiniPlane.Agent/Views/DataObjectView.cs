namespace MiniPlane.Agent.Views;

/// <summary>core.v1.ConfigMap or core.v1.Secret: in a Secret data is base64, in a ConfigMap binaryData is.</summary>
internal sealed record DataObjectView
{
    public SortedDictionary<string, string> Data { get; set; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> BinaryData { get; set; } = new(StringComparer.Ordinal);

    public string Type { get; set; } = "";
}

/// <summary>core.v1.PersistentVolume, as far as a node can use it without a driver.</summary>
internal sealed record PersistentVolumeView
{
    public PersistentVolumeSpecView Spec { get; set; } = new();
}

internal sealed record PersistentVolumeSpecView
{
    public HostPathView? HostPath { get; set; }

    public LocalVolumeView? Local { get; set; }
}

internal sealed record LocalVolumeView
{
    public string Path { get; set; } = "";
}

/// <summary>core.v1.PersistentVolumeClaim.</summary>
internal sealed record ClaimView
{
    public ClaimSpecView Spec { get; set; } = new();
}

internal sealed record ClaimSpecView
{
    public string VolumeName { get; set; } = "";
}
