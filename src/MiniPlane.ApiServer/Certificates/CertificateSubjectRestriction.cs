using System.Security.Cryptography;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Admission.Plugins;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Certificates;

/// <summary>No request for a client certificate makes its owner all-powerful (plugin/pkg/admission/certificates/subjectrestriction).</summary>
internal sealed class CertificateSubjectRestriction : IAdmissionPlugin
{
    public string Name => "CertificateSubjectRestriction";

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Creates("certificates.k8s.io", "CertificateSigningRequest")
            && request.Object.Text("spec", "signerName") == SignerRules.Client
            && Organizations(request).Contains(UserInfo.MastersGroup, StringComparer.Ordinal))
        {
            throw request.Forbidden($"use of {SignerRules.Client} signer with {UserInfo.MastersGroup} group is not allowed");
        }

        return ValueTask.CompletedTask;
    }

    private static IReadOnlyList<string> Organizations(AdmissionRequest request)
    {
        try
        {
            return SigningRequest.Read(request.Object.At("spec")).Organizations;
        }
        catch (CryptographicException error)
        {
            throw request.Forbidden($"failed to parse CSR: {error.Message}");
        }
    }
}
