using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Authorization;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Certificates;

/// <summary>Putting a certificate, or the failure to make one, into a request takes the signer's permission.</summary>
internal sealed class CertificateSigning(IAuthorizer authorizer) : IAdmissionPlugin
{
    public string Name => "CertificateSigning";

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        SignerPermissions.IsRequest(request, "status")
        && (!request.Object.At("status", "certificate").SameAs(request.OldObject.At("status", "certificate"))
            || !request.Object.At("status", "conditions").SameAs(request.OldObject.At("status", "conditions")))
            ? SignerPermissions.RequireAsync(authorizer, request, "sign", "sign", cancellationToken)
            : ValueTask.CompletedTask;
}
