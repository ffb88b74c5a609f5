using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Certificates;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>CertificateSigningRequests (pkg/apis/certificates/validation).</summary>
internal static class CertificateRules
{
    private const long ShortestSeconds = 600;

    public static void SigningRequest(JsonObject request, FieldErrors errors)
    {
        JsonNode? spec = request["spec"];
        string signer = spec.TextOrEmpty("signerName");
        if (signer.Length == 0)
        {
            errors.Required("spec.signerName");
        }
        else if (signer == SignerRules.Legacy)
        {
            errors.Invalid("spec.signerName", signer, "the legacy signerName is not allowed via this API version");
        }
        else if (signer.IndexOf('/', StringComparison.Ordinal) is var slash && (slash < 1 || slash == signer.Length - 1))
        {
            errors.Invalid("spec.signerName", signer, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
        }

        if (spec.Array("usages") is not { Count: > 0 })
        {
            errors.Required("spec.usages");
        }

        var usages = new HashSet<string>(StringComparer.Ordinal);
        int index = 0;
        foreach (string usage in spec.Texts("usages"))
        {
            if (!usages.Add(usage))
            {
                errors.Duplicate($"spec.usages[{index}]", usage);
            }

            index++;
        }

        if (spec.Integer("expirationSeconds") is { } seconds and < ShortestSeconds)
        {
            errors.Invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 600 seconds (10 minutes)");
        }

        try
        {
            Certificates.SigningRequest.Read(spec);
        }
        catch (CryptographicException error)
        {
            errors.Invalid("spec.request", spec.TextOrEmpty("request"), error.Message);
        }
    }
}
