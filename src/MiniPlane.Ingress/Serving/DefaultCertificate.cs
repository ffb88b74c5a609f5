using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniPlane.Ingress.Serving;

/// <summary>The certificate for names that no Ingress has one for: self-signed, new at each start.</summary>
internal static class DefaultCertificate
{
    public static X509Certificate2 Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=MiniPlane Ingress", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }
}
