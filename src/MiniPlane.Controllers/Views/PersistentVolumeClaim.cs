using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Controllers.Views;

/// <summary>core.v1.PersistentVolumeClaim.</summary>
internal sealed record PersistentVolumeClaim
{
    public PersistentVolumeClaimSpec Spec { get => field ?? new PersistentVolumeClaimSpec(); init; }

    public PersistentVolumeClaimStatus Status { get => field ?? new PersistentVolumeClaimStatus(); init; }

    public Quantity Request => Amount(Spec.Resources?.Requests);

    public Quantity Capacity => Amount(Status.Capacity);

    public bool IsBound => Status.Phase == "Bound";

    private static Quantity Amount(IReadOnlyDictionary<string, string>? amounts) =>
        amounts?.GetValueOrDefault("storage") is { } text && Quantity.TryParse(text, out Quantity amount) ? amount : Quantity.Zero;
}

internal sealed record PersistentVolumeClaimSpec
{
    public IReadOnlyList<string> AccessModes { get => field ?? []; init; }

    public ContainerResources? Resources { get; init; }

    public Selector? Selector { get; init; }

    /// <summary>Null asks for the default class; the empty string asks for none.</summary>
    public string? StorageClassName { get; init; }

    public string VolumeMode { get => field ?? "Filesystem"; init; }

    public string VolumeName { get => field ?? ""; init; }
}

internal sealed record PersistentVolumeClaimStatus
{
    public string Phase { get => field ?? ""; init; }

    public IReadOnlyDictionary<string, string>? Capacity { get; init; }
}

internal static class PersistentVolumeClaimDocuments
{
    private const string BetaClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    public static PersistentVolumeClaim AsClaim(this ObjectDocument document) => document.As(ViewContext.Default.PersistentVolumeClaim);

    /// <summary>The class that a claim asks for; the old annotation wins, as upstream's GetPersistentVolumeClaimClass has it.</summary>
    public static string ClaimClass(this ObjectDocument document) =>
        document.Metadata.Annotations.GetValueOrDefault(BetaClassAnnotation) ?? document.AsClaim().Spec.StorageClassName ?? "";
}
