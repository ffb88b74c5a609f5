using System.Security.Cryptography;

namespace MiniPlane.ApiServer.Discovery;

/// <summary>A finished answer that many clients ask for: its bytes, their type, and the tag by which a client knows them again.</summary>
public sealed record ServedDocument(ReadOnlyMemory<byte> Body, string ContentType)
{
    /// <summary>A hash of the body in capital hexadecimal digits, or of the body that this one is another form of; quoted it is the ETag.</summary>
    public string Hash
    {
        get => field ??= Convert.ToHexString(SHA512.HashData(Body.Span));
        init;
    }
}
