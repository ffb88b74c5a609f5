using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniPlane.ApiServer.Identity;

/// <summary>Makes what is missing of the cluster's PKI and keeps the rest.</summary>
internal sealed class ClusterPkiFactory(ApiServerOptions options, TimeProvider time)
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LeafLife = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    // A clock that is put right later, or is behind on another node, must not lock everyone out: a certificate that begins in the
    // future is refused by both sides. Leaves begin with their authority, as kubeadm's do.
    private static readonly TimeSpan Backdate = TimeSpan.FromDays(30);
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private readonly string _directory = PkiFiles.MakeDirectory(Path.Combine(options.DataDirectory, "pki"));

    public ClusterPki Load()
    {
        X509Certificate2 authority = LoadAuthority();
        var names = SubjectAlternativeNames.Collect(options);
        X509Certificate2 serving = PkiFiles.Read(_directory, "apiserver") is { } found && IsGood(found, authority) && names.AreAllIn(found)
            ? found
            : Issue(authority, "apiserver", new X500DistinguishedName("CN=kube-apiserver"), ServerUse, names);
        X509Certificate2 admin = PkiFiles.Read(_directory, "admin") is { } known && IsGood(known, authority)
            ? known
            : Issue(authority, "admin", AdminName(), ClientUse, null);
        return new ClusterPki(authority, serving, admin);
    }

    private X509Certificate2 LoadAuthority()
    {
        if (PkiFiles.Read(_directory, "ca") is { } authority)
        {
            return authority;
        }

        // A new CA beside an old certificate would lock out every client that trusts the old one.
        string path = Path.Combine(_directory, "ca.crt");
        if (File.Exists(path))
        {
            throw new InvalidDataException(
                $"{path} and its key cannot be read together. Restore them, or remove the directory to start with a new CA.");
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=miniplane-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        DateTimeOffset now = time.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now - Backdate, now + AuthorityLife);
        PkiFiles.Write(_directory, "ca", made);
        return PkiFiles.Read(_directory, "ca") ?? throw new InvalidDataException($"{path} was written but cannot be read");
    }

    private X509Certificate2 Issue(
        X509Certificate2 authority, string file, X500DistinguishedName subject, Oid use, SubjectAlternativeNames? names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([use], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names.ToExtension());
        }

        DateTimeOffset now = time.GetUtcNow();
        var authorityEnd = new DateTimeOffset(authority.NotAfter);
        DateTimeOffset end = now + LeafLife < authorityEnd ? now + LeafLife : authorityEnd;
        using X509Certificate2 bare = request.Create(authority, new DateTimeOffset(authority.NotBefore), end, RandomNumberGenerator.GetBytes(16));
        using X509Certificate2 made = bare.CopyWithPrivateKey(key);
        PkiFiles.Write(_directory, file, made);
        return PkiFiles.Read(_directory, file)
            ?? throw new InvalidDataException($"the certificate {file} was written but cannot be read");
    }

    private bool IsGood(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = time.GetLocalNow().DateTime;
        return time.GetUtcNow() + RenewBefore < new DateTimeOffset(certificate.NotAfter) && chain.Build(certificate);
    }

    private static X500DistinguishedName AdminName()
    {
        var name = new X500DistinguishedNameBuilder();
        name.AddOrganizationName(UserInfo.MastersGroup);
        name.AddCommonName("kubernetes-admin");
        return name.Build();
    }
}
