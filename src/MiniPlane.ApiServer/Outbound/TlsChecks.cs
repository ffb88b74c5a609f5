using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MiniPlane.Objects.Networking;

namespace MiniPlane.ApiServer.Outbound;

/// <summary>TLS as the server's own calls want it, with Go's words for a certificate that is not good.</summary>
internal static class TlsChecks
{
    private const string Failed = "tls: failed to verify certificate: ";

    /// <exception cref="OutboundException">The CA bundle cannot be read.</exception>
    public static SslClientAuthenticationOptions Options(OutboundTrust trust)
    {
        var options = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (!trust.SkipVerify)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(
                trust.CaBundle.Length > 0 ? Read(trust.CaBundle) : HostTrust.Find().Roots);
        }

        if (trust.Client is { } client)
        {
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => client;
        }

        options.RemoteCertificateValidationCallback = trust.SkipVerify
#pragma warning disable CA5359 // The configuration object says insecureSkipTLSVerify.
            ? static (_, _, _, _) => true
#pragma warning restore CA5359
            : static (sender, certificate, chain, problems) =>
                problems == SslPolicyErrors.None ? true : throw new OutboundException(Text(sender, certificate, chain, problems));
        return options;
    }

    private static X509Certificate2Collection Read(string bundle)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(bundle)));
        }
        catch (Exception error) when (error is FormatException or CryptographicException)
        {
            throw new OutboundException("unable to load root certificates: unable to parse bytes as PEM block", error);
        }

        return certificates.Count > 0
            ? certificates
            : throw new OutboundException("unable to load root certificates: unable to parse bytes as PEM block");
    }

    private static string Text(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors problems)
    {
        if (problems.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) || certificate is not X509Certificate2 shown)
        {
            return "tls: the server sent no certificate";
        }

        X509ChainStatusFlags status = (chain?.ChainStatus ?? []).Aggregate(
            X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return Failed + "x509: certificate has expired or is not yet valid";
        }

        if (problems.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            return Failed + "x509: certificate signed by unknown authority";
        }

        string host = sender is SslStream stream ? stream.TargetHostName : "the host";
        string[] names = [.. shown.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(ip => ip.ToString())))];
        return names.Length == 0
            ? Failed + "x509: certificate relies on legacy Common Name field, use SANs instead"
            : $"{Failed}x509: certificate is valid for {string.Join(", ", names)}, not {host}";
    }
}
