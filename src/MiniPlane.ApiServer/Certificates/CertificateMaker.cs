using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Certificates;

/// <summary>Signs with the cluster's CA.</summary>
internal sealed class CertificateMaker(ClusterPki pki, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(10);

    // Clocks differ a little; upstream starts its certificates as much earlier.
    private static readonly TimeSpan Backdate = TimeSpan.FromMinutes(5);

    /// <summary>The certificate as PEM.</summary>
    public string Sign(SigningRequest wanted, long? seconds)
    {
        var life = TimeSpan.FromSeconds(Math.Min(seconds ?? long.MaxValue, (long)Longest.TotalSeconds));
        life = life < Shortest ? Shortest : life;
        var request = new CertificateRequest(wanted.Request.SubjectName, wanted.Request.PublicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (KeyUsage(wanted.Usages) is var keyUsage and not X509KeyUsageFlags.None)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(keyUsage, true));
        }

        OidCollection purposes = Purposes(wanted.Usages);
        if (purposes.Count > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, false));
        }

        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(pki.Authority, true, false));
        if (wanted.Names is { } names)
        {
            request.CertificateExtensions.Add(names);
        }

        using ECDsa key = pki.Authority.GetECDsaPrivateKey() ?? throw new CryptographicException("the CA's key cannot be used");
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset end = now + life;
        var authorityEnd = new DateTimeOffset(pki.Authority.NotAfter);
        using X509Certificate2 made = request.Create(
            pki.Authority.SubjectName,
            X509SignatureGenerator.CreateForECDsa(key),
            now - Backdate,
            end < authorityEnd ? end : authorityEnd,
            RandomNumberGenerator.GetBytes(16));
        return made.ExportCertificatePem() + "\n";
    }

    private static X509KeyUsageFlags KeyUsage(IReadOnlyList<string> usages) => usages.Aggregate(
        X509KeyUsageFlags.None,
        static (flags, usage) => flags | usage switch
        {
            "digital signature" or "signing" => X509KeyUsageFlags.DigitalSignature,
            "key encipherment" => X509KeyUsageFlags.KeyEncipherment,
            _ => X509KeyUsageFlags.None,
        });

    private static OidCollection Purposes(IReadOnlyList<string> usages)
    {
        var purposes = new OidCollection();
        foreach (string usage in usages)
        {
            switch (usage)
            {
                case "client auth":
                    purposes.Add(new Oid("1.3.6.1.5.5.7.3.2"));
                    break;
                case "server auth":
                    purposes.Add(new Oid("1.3.6.1.5.5.7.3.1"));
                    break;
            }
        }

        return purposes;
    }
}
