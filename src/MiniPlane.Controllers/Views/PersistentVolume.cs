using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Controllers.Views;

/// <summary>core.v1.PersistentVolume.</summary>
internal sealed record PersistentVolume
{
    public PersistentVolumeSpec Spec { get => field ?? new PersistentVolumeSpec(); init; }

    public PersistentVolumeStatus Status { get => field ?? new PersistentVolumeStatus(); init; }

    public Quantity Capacity =>
        Spec.Capacity?.GetValueOrDefault("storage") is { } text && Quantity.TryParse(text, out Quantity amount) ? amount : Quantity.Zero;
}

internal sealed record PersistentVolumeSpec
{
    public IReadOnlyDictionary<string, string>? Capacity { get; init; }

    public IReadOnlyList<string> AccessModes { get => field ?? []; init; }

    public VolumeClaimReference? ClaimRef { get; init; }

    public string StorageClassName { get => field ?? ""; init; }

    public string VolumeMode { get => field ?? "Filesystem"; init; }

    public string PersistentVolumeReclaimPolicy { get => field ?? "Retain"; init; }

    public VolumePath? HostPath { get; init; }
}

internal sealed record VolumePath
{
    public string Path { get => field ?? ""; init; }
}

/// <summary>The claim that a volume is bound to, or kept for when the uid is empty.</summary>
internal sealed record VolumeClaimReference
{
    public string Namespace { get => field ?? ""; init; }

    public string Name { get => field ?? ""; init; }

    public string Uid { get => field ?? ""; init; }

    public ObjectKey Key => new(Namespace, Name);
}

internal sealed record PersistentVolumeStatus
{
    public string Phase { get => field ?? ""; init; }
}

internal static class PersistentVolumeDocuments
{
    public static PersistentVolume AsVolume(this ObjectDocument document) => document.As(ViewContext.Default.PersistentVolume);
}
