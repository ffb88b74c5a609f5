using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Certificates;

/// <summary>What a CertificateSigningRequest object asks for, read and with its signature checked.</summary>
internal sealed record SigningRequest
{
    private const string CommonName = "2.5.4.3";
    private const string OrganizationName = "2.5.4.10";

    public required CertificateRequest Request { get; init; }

    public required IReadOnlyList<string> Usages { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Organizations { get; init; }

    /// <summary>The alternative names that it asks for, or null.</summary>
    public required X509SubjectAlternativeNameExtension? Names { get; init; }

    /// <exception cref="CryptographicException">It is no PKCS #10 request, or its signature is wrong.</exception>
    public static SigningRequest Read(JsonNode? spec)
    {
        string pem = Encoding.UTF8.GetString(Bytes(spec.TextOrEmpty("request")));
        if (!PemEncoding.TryFind(pem, out PemFields fields) || pem[fields.Label] != "CERTIFICATE REQUEST")
        {
            throw new CryptographicException("PEM block type must be CERTIFICATE REQUEST");
        }

        var request = CertificateRequest.LoadSigningRequestPem(
            pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        X509Extension? names = request.CertificateExtensions.FirstOrDefault(one => one.Oid?.Value == "2.5.29.17");
        string name = "";
        var organizations = new List<string>();
        foreach ((string type, string value) in Identity.DistinguishedNames.Values(request.SubjectName))
        {
            if (type == CommonName)
            {
                name = value;
            }
            else if (type == OrganizationName)
            {
                organizations.Add(value);
            }
        }

        return new SigningRequest
        {
            Request = request,
            Usages = [.. spec.Texts("usages")],
            Name = name,
            Organizations = organizations,
            Names = names is null ? null : new X509SubjectAlternativeNameExtension(names.RawData, names.Critical),
        };
    }

    private static byte[] Bytes(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException error)
        {
            throw new CryptographicException("the request is not base64", error);
        }
    }
}
