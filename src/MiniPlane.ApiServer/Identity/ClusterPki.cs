using System.Security.Cryptography.X509Certificates;

namespace MiniPlane.ApiServer.Identity;

/// <summary>
/// The cluster's own public-key infrastructure below <c>&lt;data&gt;/pki</c>: the CA, the serving certificate, the administrator's
/// client certificate. Made once; the serving certificate is renewed when it must be.
/// </summary>
public sealed class ClusterPki
{
    internal ClusterPki(X509Certificate2 authority, X509Certificate2 serving, X509Certificate2 admin)
    {
        Authority = authority;
        Serving = serving;
        Admin = admin;
    }

    /// <summary>The CA's certificate with its key.</summary>
    internal X509Certificate2 Authority { get; }

    /// <summary>The server's certificate with its key.</summary>
    public X509Certificate2 Serving { get; }

    /// <summary>The administrator's client certificate with its key.</summary>
    internal X509Certificate2 Admin { get; }

    /// <summary>The CA's certificate, for those who shall trust this cluster.</summary>
    public string AuthorityPem => Authority.ExportCertificatePem();

    /// <summary>Whether a client's certificate was signed by the CA, for clients, and is valid now.</summary>
    internal bool IsTrustedClient(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2"));
        return chain.Build(certificate);
    }
}
