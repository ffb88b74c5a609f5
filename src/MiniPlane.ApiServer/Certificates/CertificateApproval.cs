using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Authorization;

namespace MiniPlane.ApiServer.Certificates;

/// <summary>Approving for a signer takes that signer's permission (plugin/pkg/admission/certificates/approval).</summary>
internal sealed class CertificateApproval(IAuthorizer authorizer) : IAdmissionPlugin
{
    public string Name => "CertificateApproval";

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        SignerPermissions.IsRequest(request, "approval")
            ? SignerPermissions.RequireAsync(authorizer, request, "approve", "approve", cancellationToken)
            : ValueTask.CompletedTask;
}
