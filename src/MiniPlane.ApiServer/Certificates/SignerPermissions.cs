using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Admission.Plugins;
using MiniPlane.ApiServer.Authorization;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Certificates;

/// <summary>Whether a user may <c>approve</c> or <c>sign</c> for a signer, by its name or by its whole domain (<c>example.org/*</c>).</summary>
internal static class SignerPermissions
{
    private const string Group = "certificates.k8s.io";

    public static bool IsRequest(AdmissionRequest request, string subresource) =>
        request.Operation == AdmissionOperation.Update && request.Subresource == subresource
        && request.Kind is { Group: Group, Kind: "CertificateSigningRequest" };

    public static async ValueTask RequireAsync(
        IAuthorizer authorizer, AdmissionRequest request, string verb, string word, CancellationToken cancellationToken)
    {
        string signer = (request.OldObject ?? request.Object as JsonNode).TextOrEmpty("spec", "signerName");
        int slash = signer.IndexOf('/', StringComparison.Ordinal);
        string domain = $"{(slash < 0 ? signer : signer[..slash])}/*";
        foreach (string name in (string[])[signer, domain])
        {
            var attributes = new AccessAttributes
            {
                User = request.User,
                Verb = verb,
                IsResource = true,
                Group = Group,
                Version = "*",
                Resource = "signers",
                Name = name,
            };
            if ((await authorizer.DecideAsync(attributes, cancellationToken)).IsAllowed)
            {
                return;
            }
        }

        throw request.Forbidden($"user not permitted to {word} requests with signerName \"{signer}\"");
    }
}
