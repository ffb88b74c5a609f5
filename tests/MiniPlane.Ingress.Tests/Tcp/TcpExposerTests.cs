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
        using var ending = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var answering = Task.WhenAll(AnswerAsync(first, 1, ending.Token), AnswerAsync(second, 2, ending.Token));

        // The slices come one after the other.
        HashSet<byte> heard = [];
        while (heard.Count < 2)
        {
            heard.Add(await AskAsync(ending.Token));
        }

        // Three endpoints, one of them dead: after three connections each of the living has had one.
        byte[] got = [await AskAsync(ending.Token), await AskAsync(ending.Token), await AskAsync(ending.Token)];

        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
        Assert.Equal(new byte[] { 1, 2 }, got.Distinct().Order());
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

    /// <summary>A pod that says its name for each byte it gets, until it is stopped.</summary>
    private static async Task AnswerAsync(TcpListener listener, byte name, CancellationToken cancellationToken)
    {
        while (true)
        {
            using TcpClient client = await listener.AcceptTcpClientAsync(cancellationToken);
            byte[] question = new byte[1];
            await client.GetStream().ReadExactlyAsync(question, cancellationToken);
            await client.GetStream().WriteAsync(new[] { name }, cancellationToken);
        }
    }

    private async Task<byte> AskAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _rig.Exposer.PortsOf(Key).Single(), cancellationToken);
        await client.GetStream().WriteAsync(new byte[] { 7 }, cancellationToken);
        byte[] answer = new byte[1];
        await client.GetStream().ReadExactlyAsync(answer, cancellationToken);
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
