using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Nobody adds external addresses to a service; those that are there may stay or go.</summary>
internal sealed class DenyServiceExternalIPsPlugin : IAdmissionPlugin
{
    public string Name => "DenyServiceExternalIPs";

    public bool IsOnByDefault => false;

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Writes("", "Service")
            && request.Object.Texts("spec", "externalIPs").Except(request.OldObject.Texts("spec", "externalIPs"), StringComparer.Ordinal).Any())
        {
            throw request.Forbidden("Use of external IPs is denied by admission control");
        }

        return ValueTask.CompletedTask;
    }
}
