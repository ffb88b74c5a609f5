using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniPlane.Connection;

/// <summary>The parts of the administrator's kubeconfig that a client needs.</summary>
internal sealed record Kubeconfig(string Server, string AuthorityPem, string CertificatePem, string KeyPem)
{
    /// <summary>Throws <see cref="IOException"/> when the file is not one that <c>miniplane up</c> wrote.</summary>
    public static Kubeconfig Load(string path)
    {
        try
        {
            using StreamReader text = File.OpenText(path);
            var stream = new YamlStream();
            stream.Load(text);
            var root = (YamlMappingNode)stream.Documents[0].RootNode;
            YamlMappingNode cluster = First(root, "clusters", "cluster");
            YamlMappingNode user = First(root, "users", "user");
            return new Kubeconfig(
                Text(cluster, "server"),
                Pem(cluster, "certificate-authority-data"),
                Pem(user, "client-certificate-data"),
                Pem(user, "client-key-data"));
        }
        catch (Exception exception) when (exception is YamlException or InvalidCastException or KeyNotFoundException or FormatException or ArgumentOutOfRangeException)
        {
            throw new IOException($"{path} is not a kubeconfig of MiniPlane ({exception.Message}); start the cluster anew to have it written again", exception);
        }
    }

    /// <summary>With certificates, for the caller to dispose of.</summary>
    public X509Certificate2 Authority() => X509Certificate2.CreateFromPem(AuthorityPem);

    public X509Certificate2 Administrator() => X509Certificate2.CreateFromPem(CertificatePem, KeyPem);

    private static YamlMappingNode First(YamlMappingNode root, string list, string entry) =>
        (YamlMappingNode)((YamlSequenceNode)root[list])[0][entry];

    private static string Text(YamlMappingNode node, string name) => ((YamlScalarNode)node[name]).Value ?? "";

    private static string Pem(YamlMappingNode node, string name) => Encoding.ASCII.GetString(Convert.FromBase64String(Text(node, name)));
}
