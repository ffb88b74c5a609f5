using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace MiniPlane.ApiServer.Identity;

/// <summary>The key that signs service-account tokens (ES256), kept beside the certificates.</summary>
internal sealed class ServiceAccountKey
{
    private ServiceAccountKey(ECDsa key)
    {
        // As upstream: the key id is the hash of the public key, so that a new key has a new id.
        string id = Base64UrlEncoder.Encode(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        Key = new ECDsaSecurityKey(key) { KeyId = id };
        Credentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256);
    }

    public ECDsaSecurityKey Key { get; }

    public SigningCredentials Credentials { get; }

    /// <summary>Reads the key, or makes it the first time.</summary>
    public static ServiceAccountKey Load(ApiServerOptions options)
    {
        string path = Path.Combine(PkiFiles.MakeDirectory(Path.Combine(options.DataDirectory, "pki")), "sa.key");
        if (!File.Exists(path))
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            PkiFiles.WriteSecret(path, made.ExportPkcs8PrivateKeyPem() + "\n");
        }

        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return new ServiceAccountKey(key);
    }
}
