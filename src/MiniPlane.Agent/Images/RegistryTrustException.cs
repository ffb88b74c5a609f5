using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Agent.Images;

/// <summary>A registry speaks TLS, but its certificate proves nothing. The first words are those of Go's crypto/x509, as other runtimes say.</summary>
internal sealed class RegistryTrustException(string message) : AuthenticationException(message)
{
    /// <summary>Whether the server may be trusted; says why not.</summary>
    public static bool Check(HostTrust trust, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (trust.Accepts(certificate, chain, errors))
        {
            return true;
        }

        throw new RegistryTrustException($"tls: failed to verify certificate: x509: {Why(certificate, chain, errors)}");
    }

    private static string Why(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"certificate is valid for other names than this ({certificate?.Subject})";
        }

        return chain?.ChainStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)) == true
            ? "certificate has expired or is not yet valid"
            : $"certificate signed by unknown authority ({certificate?.Issuer}); the site file's registryAuthorities may name it";
    }
}
