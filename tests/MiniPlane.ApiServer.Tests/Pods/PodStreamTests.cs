using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Cluster;

namespace MiniPlane.ApiServer.Tests.Pods;

public sealed class PodStreamTests : IAsyncLifetime
{
    private const string Pods = "/api/v1/namespaces/default/pods";

    private readonly FakePodConnections _connections = new();
    private TestApiServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApiServer.StartAsync(services: services => services.AddSingleton<IPodConnections>(_connections));
        await _server.PostAsync("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await _server.PostAsync(
            Pods, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"i"},{"name":"b","image":"i"}]}}""");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_log_of_several_containers_needs_a_container()
    {
        Answer answer = await _server.GetAsync($"{Pods}/p/log");

        Assert.Equal(400, answer.Code);
        Assert.Equal("a container name must be specified for pod p, choose one of: [a b]", answer.Message);
    }

    [Fact]
    public async Task A_container_that_has_not_started_says_what_it_waits_for()
    {
        await BindAsync();

        Answer answer = await _server.GetAsync($"{Pods}/p/log?container=a");

        Assert.Equal(400, answer.Code);
        Assert.Equal("container \"a\" in pod \"p\" is waiting to start: ContainerCreating", answer.Message);
    }

    [Fact]
    public async Task The_log_of_a_running_container_is_streamed_with_its_options()
    {
        await BindAsync();
        await RunAsync();

        Answer answer = await _server.GetAsync($"{Pods}/p/log?container=a&tailLines=5&timestamps=true&limitBytes=6");

        Assert.Equal((200, "one\ntw"), (answer.Code, answer.Text));
        Assert.Equal((5, true), (_connections.LastLogQuery?.TailLines, _connections.LastLogQuery?.Timestamps));
    }

    [Fact]
    public async Task A_command_gets_its_input_and_gives_its_output_and_status()
    {
        await BindAsync();
        await RunAsync();
        using ClientWebSocket socket = await OpenAsync($"{Pods}/p/exec?container=a&command=tr&command=x&stdin=true&stdout=true");

        await socket.SendAsync(new byte[] { 0, (byte)'h', (byte)'i' }, WebSocketMessageType.Binary, true, CancellationToken.None);
        string opened = await ReceiveAsync(socket);
        string output = await ReceiveAsync(socket);
        await socket.SendAsync(new byte[] { 255, 0 }, WebSocketMessageType.Binary, true, CancellationToken.None);
        string status = await ReceiveAsync(socket);

        Assert.Equal("\u0001", opened);
        Assert.Equal("\u0001HI", output);
        Assert.Equal("\u0003{\"metadata\":{},\"status\":\"Success\"}", status);
        Assert.Equal(["tr", "x"], _connections.LastStream?.Command);
    }

    [Fact]
    public async Task A_command_that_the_pod_refuses_ends_with_the_reason()
    {
        await BindAsync();
        await RunAsync();
        using ClientWebSocket socket = await OpenAsync($"{Pods}/p/exec?container=b&command=true&stdout=true");

        string opened = await ReceiveAsync(socket);
        string status = await ReceiveAsync(socket);

        Assert.Equal("\u0001", opened);
        Assert.StartsWith("\u0003{", status, StringComparison.Ordinal);
        Assert.Contains("\"status\":\"Failure\",\"message\":\"container b is not running\"", status, StringComparison.Ordinal);
    }

    private Task BindAsync() =>
        _server.PostAsync($"{Pods}/p/binding", """{"metadata":{"name":"p"},"target":{"kind":"Node","name":"n"}}""");

    private Task RunAsync() => _server.PatchAsync(
        $"{Pods}/p/status",
        """{"status":{"phase":"Running","containerStatuses":[{"name":"a","state":{"running":{}}}]}}""");

    private async Task<ClientWebSocket> OpenAsync(string path)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v5.channel.k8s.io");
        socket.Options.SetRequestHeader("Authorization", $"Bearer {TestApiServer.AdminToken}");
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509Certificate2.CreateFromPem(_server.Services.GetRequiredService<ClusterPki>().AuthorityPem) },
        };
        using var invoker = new HttpMessageInvoker(handler);
        var address = new UriBuilder(new Uri(_server.Address, path)) { Scheme = "wss" };
        await socket.ConnectAsync(address.Uri, invoker, CancellationToken.None);
        return socket;
    }

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[4096];
        WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, CancellationToken.None);
        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }
}
