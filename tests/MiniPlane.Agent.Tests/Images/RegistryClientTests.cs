using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MiniPlane.Agent.Images;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Objects.Networking;
using MiniPlane.Testing;

namespace MiniPlane.Agent.Tests.Images;

public sealed class RegistryClientTests
{
    [Fact]
    public async Task A_registry_is_trusted_by_an_authority_of_the_site_and_otherwise_says_why_it_is_not()
    {
        using X509Certificate2 right = Certificate("127.0.0.1");
        using X509Certificate2 other = Certificate("127.0.0.2");
        await using FakeRegistry registry = await FakeRegistry.StartAsync(right);
        await using FakeRegistry misnamed = await FakeRegistry.StartAsync(other);
        string digest = registry.AddImage("aa", "1", "one");
        string trusted = $"{right.ExportCertificatePem()}\n{other.ExportCertificatePem()}";

        ResolvedImage resolved = await ResolveAsync(registry.Address, trusted);
        ImagePullException unknown = await Assert.ThrowsAsync<ImagePullException>(() => ResolveAsync(registry.Address, ""));
        ImagePullException wrong = await Assert.ThrowsAsync<ImagePullException>(() => ResolveAsync(misnamed.Address, trusted));

        Assert.Equal((digest, false), (resolved.Digest, resolved.IsPlain));
        Assert.Contains($"{registry.Address}/aa:1\": tls: failed to verify certificate: x509: certificate signed by unknown authority", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("x509: certificate is valid for other names", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_takes_connections_and_says_nothing_is_given_up_after_a_minute()
    {
        ManualTime time = new();
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        string address = silent.LocalEndpoint.ToString()!;

        Task<ResolvedImage> asking = ResolveAsync(address, "", time);
        using Socket connection = await silent.AcceptSocketAsync();
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        ImagePullException given = await Assert.ThrowsAsync<ImagePullException>(() => asking);

        Assert.Contains($"{address} does not answer", given.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_without_an_account_is_told_so_and_one_with_a_wrong_account_that_it_is_refused()
    {
        await using FakeRegistry registry = await FakeRegistry.StartAsync();
        registry.AddImage("aa", "1", "secret");
        registry.Account = "me:word";

        ImagePullException none = await Assert.ThrowsAsync<ImagePullException>(() => ResolveAsync(registry.Address, ""));
        ImagePullException wrong = await Assert.ThrowsAsync<ImagePullException>(
            () => ResolveAsync(registry.Address, "", accounts: [new RegistryAccount("you", "other")]));

        Assert.EndsWith($"no account for {registry.Address} among the pod's imagePullSecrets", none.Message, StringComparison.Ordinal);
        Assert.EndsWith($"{registry.Address} refuses the account of the pod's imagePullSecrets", wrong.Message, StringComparison.Ordinal);
    }

    private static async Task<ResolvedImage> ResolveAsync(
        string address, string authorities, TimeProvider? time = null, IReadOnlyList<RegistryAccount>? accounts = null)
    {
        using HttpMessageInvoker http = new(RegistryClient.Handler(new HostTrust([], [], authorities)));
        RegistryClient client = new(http, new RegistryPolicy(), time ?? TimeProvider.System);
        return await client.ResolveAsync(ImageReference.TryParse($"{address}/aa:1")!, new ImageLocation(address, "aa", address), accounts ?? [], CancellationToken.None);
    }

    private static X509Certificate2 Certificate(string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=registry", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Parse(address));
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
