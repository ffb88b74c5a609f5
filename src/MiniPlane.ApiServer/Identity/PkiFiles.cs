using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniPlane.ApiServer.Identity;

/// <summary>Reads and writes keys and certificates: directories 0700, files 0600, replaced in one step.</summary>
internal static class PkiFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string MakeDirectory(string path)
    {
        Directory.CreateDirectory(path, Owner | UnixFileMode.UserExecute);
        File.SetUnixFileMode(path, Owner | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Writes a file that nobody else may read, so that readers see the old or the new content, never a part.</summary>
    public static void WriteSecret(string path, string content)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = Owner,
        };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The certificate and key under a name, or null when there is none or they cannot be read.</summary>
    public static X509Certificate2? Read(string directory, string name)
    {
        string certificate = Path.Combine(directory, $"{name}.crt");
        string key = Path.Combine(directory, $"{name}.key");
        if (!File.Exists(certificate) || !File.Exists(key))
        {
            return null;
        }

        try
        {
            using var pair = X509Certificate2.CreateFromPemFile(certificate, key);
            return WithUsableKey(pair);
        }
        catch (CryptographicException)
        {
            // Broken files are made anew, except for the CA, whose caller refuses to go on.
            return null;
        }
    }

    public static void Write(string directory, string name, X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()
            ?? throw new CryptographicException("the certificate has no EC key");
        WriteSecret(Path.Combine(directory, $"{name}.key"), key.ExportPkcs8PrivateKeyPem() + "\n");
        WriteSecret(Path.Combine(directory, $"{name}.crt"), certificate.ExportCertificatePem() + "\n");
    }

    // Kestrel wants a certificate whose key came with it in one container.
    private static X509Certificate2 WithUsableKey(X509Certificate2 pair) =>
        X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), null);
}
