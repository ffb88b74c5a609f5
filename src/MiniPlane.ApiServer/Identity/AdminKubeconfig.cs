using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace MiniPlane.ApiServer.Identity;

/// <summary>The administrator's kubeconfig, <c>admin.conf</c> in the data directory; only its owner may read it.</summary>
public static class AdminKubeconfig
{
    public const string FileName = "admin.conf";

    /// <summary>Writes it in one step and returns its path.</summary>
    public static string Write(ClusterPki pki, string dataDirectory, string serverUrl)
    {
        using ECDsa key = pki.Admin.GetECDsaPrivateKey()
            ?? throw new CryptographicException("the administrator's certificate has no EC key");
        string path = Path.Combine(dataDirectory, FileName);
        PkiFiles.WriteSecret(path, Text(pki, key, serverUrl));
        return path;
    }

    private static string Text(ClusterPki pki, ECDsa key, string serverUrl) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: miniplane
          cluster:
            server: {serverUrl}
            certificate-authority-data: {Base64(pki.AuthorityPem)}
        users:
        - name: kubernetes-admin
          user:
            client-certificate-data: {Base64(pki.Admin.ExportCertificatePem())}
            client-key-data: {Base64(key.ExportPkcs8PrivateKeyPem())}
        contexts:
        - name: miniplane
          context:
            cluster: miniplane
            user: kubernetes-admin
        current-context: miniplane

        """;

    private static string Base64(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem + "\n"));
}
