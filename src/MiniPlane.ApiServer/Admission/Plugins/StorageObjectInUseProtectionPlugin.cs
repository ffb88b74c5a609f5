using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Volumes and claims that are in use are not deleted: a finalizer waits for the last pod.</summary>
internal sealed class StorageObjectInUseProtectionPlugin : IAdmissionPlugin
{
    public string Name => "StorageObjectInUseProtection";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        string? finalizer = request.Creates("", "PersistentVolumeClaim") ? "kubernetes.io/pvc-protection"
            : request.Creates("", "PersistentVolume") ? "kubernetes.io/pv-protection" : null;
        if (finalizer is not null)
        {
            JsonObject metadata = request.Wanted().Ensure("metadata");
            if (!metadata.Texts("finalizers").Contains(finalizer, StringComparer.Ordinal))
            {
                metadata.EnsureArray("finalizers").Add((JsonNode)finalizer);
            }
        }

        return ValueTask.CompletedTask;
    }
}
