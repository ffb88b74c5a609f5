using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Objects.Tests.Networking;

public sealed class HostTrustTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();

    [Fact]
    public void Only_authorities_of_the_host_are_trusted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=registry", key, HashAlgorithmName.SHA256);
        using X509Certificate2 own = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        string file = Path.Combine(_directory.FullName, "roots.pem");
        File.WriteAllText(file, own.ExportCertificatePem());
        using X509Chain chain = new();

        const SslPolicyErrors Unknown = SslPolicyErrors.RemoteCertificateChainErrors;
        Assert.True(new HostTrust([file], []).Accepts(own, chain, Unknown));
        Assert.True(new HostTrust(["/nonexistent"], [_directory.FullName]).Accepts(own, chain, Unknown));
        Assert.True(new HostTrust([], [], own.ExportCertificatePem()).Accepts(own, chain, Unknown));
        Assert.False(new HostTrust([], []).Accepts(own, chain, Unknown));
        Assert.False(new HostTrust([file], []).Accepts(own, chain, Unknown | SslPolicyErrors.RemoteCertificateNameMismatch));
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
