using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Views;

/// <summary>storage.v1.StorageClass.</summary>
internal sealed record StorageClass
{
    public string Provisioner { get => field ?? ""; init; }

    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    public string ReclaimPolicy { get => field ?? "Delete"; init; }

    public string VolumeBindingMode { get => field ?? "Immediate"; init; }

    public IReadOnlyList<string> MountOptions { get => field ?? []; init; }

    public bool AllowVolumeExpansion { get; init; }

    /// <summary>Volumes are bound or made only when a pod that uses the claim has been given a node.</summary>
    public bool WaitsForConsumer => VolumeBindingMode == "WaitForFirstConsumer";
}

internal static class StorageClassDocuments
{
    public static StorageClass AsStorageClass(this ObjectDocument document) => document.As(ViewContext.Default.StorageClass);
}
