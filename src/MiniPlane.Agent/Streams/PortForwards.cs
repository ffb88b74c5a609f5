using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Streams;

/// <summary>kubectl port-forward: one TCP connection to a port of the pod.</summary>
internal static class PortForwards
{
    public static async Task ServeAsync(string podIp, int port, PodStream stream, CancellationToken cancellationToken)
    {
        using Socket socket = await ConnectAsync(podIp, port, cancellationToken);
        await using NetworkStream connection = new(socket, ownsSocket: false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task input = FeedAsync(stream, socket, connection, ending.Token);
        await stream.CopyAsync(connection, PodStream.Stdout, cancellationToken);
        await stream.CloseChannelAsync(PodStream.Stdout, cancellationToken);
        await ending.CancelAsync();
        await input.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The pod's own address first: on a host that pods share, loopback may answer for somebody else. A program may also listen on
    // loopback only.
    private static async Task<Socket> ConnectAsync(string podIp, int port, CancellationToken cancellationToken)
    {
        SocketException? refused = null;
        foreach (string host in new[] { podIp, IPAddress.Loopback.ToString() })
        {
            Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(host, port, cancellationToken);
                return socket;
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                refused ??= exception;
            }
        }

        throw new StreamException(500, string.Create(
            CultureInfo.InvariantCulture, $"dial tcp {podIp}:{port}: {refused?.Message}"));
    }

    private static async Task FeedAsync(PodStream stream, Socket socket, NetworkStream connection, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (StreamData data in stream.ReadAllAsync(cancellationToken))
            {
                await connection.WriteAsync(data.Data.Memory, cancellationToken);
                if (data.EndOfChannel)
                {
                    socket.Shutdown(SocketShutdown.Send);
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The pod's side has closed.
        }
    }
}
