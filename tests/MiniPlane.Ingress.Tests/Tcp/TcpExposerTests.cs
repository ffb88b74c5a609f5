using System.Net;
using System.Net.Sockets;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Ingress.Tests.Tcp;

public sealed class TcpExposerTests : IAsyncLifetime
{
    private static readonly ObjectKey Key = new("default", "ssh");

    private readonly IngressRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Connections_go_to_the_ready_pods_in_turn_and_dead_ones_are_passed_over()
    {
        using TcpListener first = Listen();
        using TcpListener second = Listen();
        await _rig.ServeAsync("ssh", Port(first), 1, Port(second));
        await Eventually.TrueAsync(() => _rig.Exposer.PortsOf(Key).Count == 1, "it is exposed");
        Task<byte> one = AnswerAsync(first, 1);
        Task<byte> two = AnswerAsync(second, 2);

        byte[] got = [await AskAsync(), await AskAsync()];

        Assert.Equal(new byte[] { 1, 2 }, got.Order());
        Assert.Equal((7, 7), ((int)await one, (int)await two));
    }

    [Fact]
    public async Task The_port_is_in_the_status_and_closed_when_the_service_goes()
    {
        using TcpListener pod = Listen();
        await _rig.ServeAsync("ssh", Port(pod));
        await Eventually.TrueAsync(
            () => _rig.Cluster.Find("Service", "default", "ssh")!.ToJson().Objects("status", "loadBalancer", "ingress").Any(), "it is written");
        JsonNodeOf(out string? ip, out long? port);
        Assert.Equal(("127.0.0.1", _rig.Exposer.PortsOf(Key).Single()), (ip, port));

        await _rig.Cluster.DeleteAsync(_rig.Cluster.Kind("Service"), Key, Objects.Cluster.DeleteQuery.Default, CancellationToken.None);

        await Eventually.TrueAsync(() => _rig.Exposer.PortsOf(Key).Count == 0, "it is closed");
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task<byte> AnswerAsync(TcpListener listener, byte name)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        byte[] question = new byte[1];
        await client.GetStream().ReadExactlyAsync(question);
        await client.GetStream().WriteAsync(new[] { name });
        return question[0];
    }

    private async Task<byte> AskAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _rig.Exposer.PortsOf(Key).Single());
        await client.GetStream().WriteAsync(new byte[] { 7 });
        byte[] answer = new byte[1];
        await client.GetStream().ReadExactlyAsync(answer);
        return answer[0];
    }

    private void JsonNodeOf(out string? ip, out long? port)
    {
        System.Text.Json.Nodes.JsonObject address =
            _rig.Cluster.Find("Service", "default", "ssh")!.ToJson().Objects("status", "loadBalancer", "ingress").Single();
        ip = address.Text("ip");
        port = address.Objects("ports").Single().Integer("port");
    }
}
