using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Identity;

/// <summary>Client certificates of the cluster's CA: the common name is the user, the organizations are the groups.</summary>
internal sealed class CertificateAuthenticator(ClusterPki pki) : IRequestAuthenticator
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";

    public ValueTask<UserInfo?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Connection.ClientCertificate is not { } certificate)
        {
            return ValueTask.FromResult<UserInfo?>(null);
        }

        if (!pki.IsTrustedClient(certificate))
        {
            throw ApiErrors.Unauthorized();
        }

        string name = "";
        var groups = new List<string>();
        foreach (X500RelativeDistinguishedName part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(false))
        {
            foreach ((string type, string value) in Values(part))
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
        }

        return ValueTask.FromResult<UserInfo?>(
            name.Length > 0 ? new UserInfo { Name = name, Groups = groups } : throw ApiErrors.Unauthorized());
    }

    // Go writes several organizations as one multi-valued name, which the framework's own reader does not take apart.
    private static IEnumerable<(string Type, string Value)> Values(X500RelativeDistinguishedName part)
    {
        var values = new List<(string, string)>();
        var set = new AsnReader(part.RawData, AsnEncodingRules.DER).ReadSetOf(skipSortOrderValidation: true);
        while (set.HasData)
        {
            AsnReader pair = set.ReadSequence();
            string type = pair.ReadObjectIdentifier();
            if (pair.PeekTag().TagValue is var tag
                && (UniversalTagNumber)tag is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String)
            {
                values.Add((type, pair.ReadCharacterString((UniversalTagNumber)tag)));
            }
        }

        return values;
    }
}
