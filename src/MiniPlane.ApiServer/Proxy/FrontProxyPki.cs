using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Proxy;

/// <summary>
/// The certificate with which this server shows itself to aggregated API servers, and its own CA: whoever holds it may speak for any
/// user there, so it must not be one that signing requests can lead to.
/// </summary>
internal sealed class FrontProxyPki
{
    public const string CommonName = "front-proxy-client";

    private static readonly TimeSpan Life = TimeSpan.FromDays(3650);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    public FrontProxyPki(ApiServerOptions options, TimeProvider time)
    {
        string directory = PkiFiles.MakeDirectory(Path.Combine(options.DataDirectory, "pki"));
        DateTimeOffset now = time.GetUtcNow();
        X509Certificate2 authority = PkiFiles.Read(directory, "front-proxy-ca") ?? MakeAuthority(directory, now);
        Client = PkiFiles.Read(directory, CommonName) is { } known && known.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData)
            ? known
            : MakeClient(directory, authority, now);
        AuthorityPem = authority.ExportCertificatePem() + "\n";
    }

    public X509Certificate2 Client { get; }

    public string AuthorityPem { get; }

    private static X509Certificate2 MakeAuthority(string directory, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=front-proxy-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2 made = request.CreateSelfSigned(now - ClockSkew, now + Life);
        return Keep(directory, "front-proxy-ca", made);
    }

    private static X509Certificate2 MakeClient(string directory, X509Certificate2 authority, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={CommonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        using X509Certificate2 bare = request.Create(
            authority, now, new DateTimeOffset(authority.NotAfter), RandomNumberGenerator.GetBytes(16));
        using X509Certificate2 made = bare.CopyWithPrivateKey(key);
        return Keep(directory, CommonName, made);
    }

    private static X509Certificate2 Keep(string directory, string name, X509Certificate2 made)
    {
        PkiFiles.Write(directory, name, made);
        return PkiFiles.Read(directory, name) ?? throw new InvalidDataException($"the certificate {name} was written but cannot be read");
    }
}
