using System.Security.Cryptography.X509Certificates;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.Identity;

public sealed class ClusterPkiTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task The_administrators_certificate_is_kubernetes_admin_of_system_masters()
    {
        string pki = Path.Combine(_server.DataDirectory, "pki");
        var handler = new SocketsHttpHandler();
        using var admin = X509Certificate2.CreateFromPemFile(Path.Combine(pki, "admin.crt"), Path.Combine(pki, "admin.key"));
        handler.SslOptions.ClientCertificates = [admin];
        using HttpClient client = _server.NewClient(null, handler);

        Answer who = await _server.SendAsync(
            HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", "application/json", client: client);

        Assert.Equal("kubernetes-admin", who.Json.Text("status", "userInfo", "username"));
        Assert.Contains("system:masters", who.Json.Texts("status", "userInfo", "groups"));
    }

    [Fact]
    public void Keys_and_kubeconfig_are_readable_by_their_owner_only()
    {
        var pki = (ClusterPki?)_server.Services.GetService(typeof(ClusterPki));
        string kubeconfig = AdminKubeconfig.Write(pki!, _server.DataDirectory, "https://127.0.0.1:6443");

        string[] files = [kubeconfig, .. Directory.GetFiles(Path.Combine(_server.DataDirectory, "pki"))];

        Assert.True(files.Length >= 8);
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_second_start_keeps_the_authority_and_its_certificates()
    {
        var options = (ApiServerOptions?)_server.Services.GetService(typeof(ApiServerOptions));
        ClusterPki first = new ClusterPkiFactory(options!, TimeProvider.System).Load();

        ClusterPki second = new ClusterPkiFactory(options!, TimeProvider.System).Load();

        Assert.Equal(first.AuthorityPem, second.AuthorityPem);
        Assert.Equal(first.Serving.Thumbprint, second.Serving.Thumbprint);
    }

    [Fact]
    public void A_clock_that_is_put_back_by_a_week_locks_nobody_out()
    {
        var options = (ApiServerOptions?)_server.Services.GetService(typeof(ApiServerOptions));
        ClusterPki first = new ClusterPkiFactory(options!, TimeProvider.System).Load();
        DateTimeOffset lastWeek = TimeProvider.System.GetUtcNow().AddDays(-7);

        ClusterPki then = new ClusterPkiFactory(options!, new ManualTime(lastWeek)).Load();

        Assert.Equal(first.Serving.Thumbprint, then.Serving.Thumbprint);
        Assert.True(then.Serving.NotBefore < lastWeek.UtcDateTime.ToLocalTime());
        Assert.True(then.Admin.NotBefore < lastWeek.UtcDateTime.ToLocalTime());
    }
}
