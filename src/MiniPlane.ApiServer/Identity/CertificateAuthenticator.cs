using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Identity;

/// <summary>
/// Client certificates of the cluster's CA: the common name is the user, the organizations are the groups. A certificate is
/// verified once per connection (building a chain costs more than all the rest of a read); its end is looked at each time.
/// </summary>
internal sealed class CertificateAuthenticator(ClusterPki pki, TimeProvider time) : IRequestAuthenticator
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";

    // A connection shows the same certificate instance with each of its requests.
    private readonly ConditionalWeakTable<X509Certificate2, Verified> _verified = [];

    public ValueTask<UserInfo?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Connection.ClientCertificate is not { } certificate)
        {
            return ValueTask.FromResult<UserInfo?>(null);
        }

        if (!_verified.TryGetValue(certificate, out Verified? known))
        {
            known = new Verified(Verify(certificate), new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
            _verified.AddOrUpdate(certificate, known);
        }

        return ValueTask.FromResult<UserInfo?>(time.GetUtcNow() <= known.NotAfter ? known.User : throw ApiErrors.Unauthorized());
    }

    private UserInfo Verify(X509Certificate2 certificate)
    {
        if (!pki.IsTrustedClient(certificate))
        {
            throw ApiErrors.Unauthorized();
        }

        string name = "";
        var groups = new List<string>();
        foreach ((string type, string value) in DistinguishedNames.Values(certificate.SubjectName))
        {
            if (type == CommonName)
            {
                name = value;
            }
            else if (type == Organization)
            {
                groups.Add(value);
            }
        }

        if (!groups.Contains(UserInfo.AuthenticatedGroup))
        {
            groups.Add(UserInfo.AuthenticatedGroup);
        }

        return name.Length > 0 ? new UserInfo { Name = name, Groups = groups } : throw ApiErrors.Unauthorized();
    }

    private sealed record Verified(UserInfo User, DateTimeOffset NotAfter);
}
