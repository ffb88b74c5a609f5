using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MiniPlane.Objects.Networking;

/// <summary>
/// The certificate authorities that this host trusts. The runtime would read all of them before its first TLS connection, whoever that
/// is with; what runs as MiniPlane nearly always trusts one authority of its own. So they are hidden from the runtime at the start, and read
/// here when another server shows a certificate. They are looked for where Go's crypto/x509, and so Apptainer and kube-apiserver, looks.
/// </summary>
/// <param name="files">Bundles, of which the first that is there counts.</param>
/// <param name="directories">Directories of certificates, all of which count.</param>
/// <param name="more">Authorities beside the host's, as PEM text.</param>
public sealed partial class HostTrust(IReadOnlyList<string> files, IReadOnlyList<string> directories, string more = "")
{
    private const string FileVariable = "SSL_CERT_FILE";
    private const string DirectoryVariable = "SSL_CERT_DIR";
    private const string Nowhere = "/nonexistent";

    private static readonly string[] UsualFiles =
    [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/pki/tls/cacert.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
    ];

    private static readonly string[] UsualDirectories = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

    private readonly Lazy<X509Certificate2Collection> _roots = new(() => Read(files, directories, more));

    public X509Certificate2Collection Roots => _roots.Value;

    /// <summary>Where a Go program that is started here looks for directories of certificates, for its SSL_CERT_DIR to go on from.</summary>
    public static string Directories =>
        Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } own ? own : string.Join(':', UsualDirectories);

    /// <summary>The host's, as its administrator or the environment has set them, and those of a PEM text.</summary>
    public static HostTrust Find(string more = "")
    {
        string[] files = Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file ? [file] : UsualFiles;
        string[] directories = Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } list ? list.Split(':') : [];
        return new HostTrust(files, directories.Length > 0 || files.Any(File.Exists) ? directories : UsualDirectories, more);
    }

    /// <summary>
    /// Has the runtime keep an empty store for the life of the process. Its native part looks once where the two variables lead;
    /// programs that are started later get them as they were.
    /// </summary>
    public static void HideFromRuntime()
    {
        string? file = Environment.GetEnvironmentVariable(FileVariable);
        string? directory = Environment.GetEnvironmentVariable(DirectoryVariable);
        _ = SetVariable(FileVariable, Nowhere, 1);
        _ = SetVariable(DirectoryVariable, Nowhere, 1);
        try
        {
            using X509Store store = new(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
            foreach (X509Certificate2 certificate in store.Certificates)
            {
                certificate.Dispose();
            }
        }
        catch (CryptographicException)
        {
            // A store that cannot be opened costs nothing either.
        }

        Restore(FileVariable, file);
        Restore(DirectoryVariable, directory);
    }

    /// <summary>Whether a server may be trusted: its certificate fits its name, and leads to one of the host's authorities.</summary>
    public bool Accepts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 server || chain is null)
        {
            return errors == SslPolicyErrors.None;
        }

        using X509Chain own = new();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(Roots);
        own.ChainPolicy.ExtraStore.AddRange(chain.ChainPolicy.ExtraStore);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        return own.Build(server);
    }

    private static X509Certificate2Collection Read(IReadOnlyList<string> files, IReadOnlyList<string> directories, string more)
    {
        X509Certificate2Collection roots = [];
        roots.ImportFromPem(more);
        string[] first = files.FirstOrDefault(File.Exists) is { } file ? [file] : [];
        foreach (string path in first.Concat(directories.Where(Directory.Exists).SelectMany(Directory.EnumerateFiles)))
        {
            try
            {
                roots.ImportFromPemFile(path);
            }
            catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
            {
                // Not a certificate, or not for this account: the others count.
            }
        }

        return roots;
    }

    private static void Restore(string name, string? value) => _ = value is null ? UnsetVariable(name) : SetVariable(name, value, 1);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int replace);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetVariable(string name);
}
