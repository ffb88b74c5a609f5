using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace MiniPlane.Snapshots;

/// <summary>Asks the running server for its objects, as the administrator whose kubeconfig lies in the data directory.</summary>
internal static class SnapshotClient
{
    /// <summary>Throws <see cref="HttpRequestException"/> or <see cref="IOException"/> if the server does not answer whole.</summary>
    public static async Task CopyObjectsAsync(string kubeconfig, Stream output, CancellationToken cancellationToken)
    {
        YamlMappingNode root = Read(kubeconfig);
        string server = Text(First(root, "clusters", "cluster"), "server");
        YamlMappingNode user = First(root, "users", "user");
        using var authority = X509Certificate2.CreateFromPem(
            Pem(First(root, "clusters", "cluster"), "certificate-authority-data"));
        using var administrator = X509Certificate2.CreateFromPem(
            Pem(user, "client-certificate-data"), Pem(user, "client-key-data"));
        using var handler = new SocketsHttpHandler { SslOptions = Tls(authority, administrator), UseProxy = false };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using HttpResponseMessage response = await client.GetAsync(
            new Uri(server + SnapshotEndpoint.Path), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.CopyToAsync(output, cancellationToken);
    }

    private static SslClientAuthenticationOptions Tls(X509Certificate2 authority, X509Certificate2 administrator)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(authority);
        return new SslClientAuthenticationOptions
        {
            ClientCertificateContext = SslStreamCertificateContext.Create(administrator, null, offline: true),
            CertificateChainPolicy = policy,
        };
    }

    private static YamlMappingNode Read(string kubeconfig)
    {
        using StreamReader text = File.OpenText(kubeconfig);
        var stream = new YamlStream();
        stream.Load(text);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    private static YamlMappingNode First(YamlMappingNode root, string list, string entry) =>
        (YamlMappingNode)((YamlSequenceNode)root[list])[0][entry];

    private static string Text(YamlMappingNode node, string name) => ((YamlScalarNode)node[name]).Value ?? "";

    private static string Pem(YamlMappingNode node, string name) => Encoding.ASCII.GetString(Convert.FromBase64String(Text(node, name)));
}
