using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MiniPlane.Ingress.Routing;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Ingress.Tcp;

/// <summary>
/// One listener on this host: each connection goes to a ready endpoint, in turn; one that does not take it is passed over.
/// </summary>
internal sealed partial class TcpForwarder(
    string name, TcpListener listener, Func<Backend?> backend, ILogger<TcpForwarder> logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    private const int MostConnections = 2000;
    private const int BlockBytes = 32 * 1024;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _slots = new(MostConnections);

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public override void Dispose()
    {
        listener.Dispose();
        base.Dispose();
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await _slots.WaitAsync(cancellationToken);
            Socket client = await listener.AcceptSocketAsync(cancellationToken);
            _ = ServeAsync(client, cancellationToken);
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        try
        {
            using (client)
            {
                client.NoDelay = true;
                using Socket? pod = await ConnectAsync(cancellationToken);
                if (pod is not null)
                {
                    await JoinAsync(client, pod, cancellationToken);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            LogEnded(logger, name, exception.Message);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<Socket?> ConnectAsync(CancellationToken cancellationToken)
    {
        foreach (IPEndPoint endpoint in backend()?.InTurn() ?? [])
        {
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var limit = new CancellationTokenSource(ConnectLimit, Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                await socket.ConnectAsync(endpoint, either.Token);
                return socket;
            }
            catch (Exception exception) when (exception is SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                socket.Dispose();
                LogPassedOver(logger, name, endpoint.ToString(), exception.Message);
            }
        }

        return null;
    }

    /// <summary>Each direction ends by itself: a client may say that it has sent everything and still listen.</summary>
    private static async Task JoinAsync(Socket client, Socket pod, CancellationToken cancellationToken) =>
        await Task.WhenAll(PumpAsync(client, pod, cancellationToken), PumpAsync(pod, client, cancellationToken));

    private static async Task PumpAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        byte[] block = new byte[BlockBytes];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(block, cancellationToken)) > 0)
            {
                for (int sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(block.AsMemory(sent, read - sent), cancellationToken);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // One side is gone altogether, so the other has nobody to talk to.
            from.Close();
            to.Close();
        }
    }

    [LoggerMessage(10005, LogLevel.Debug, "{Service}: a connection ended: {Message}")]
    private static partial void LogEnded(ILogger logger, string service, string message);

    [LoggerMessage(10006, LogLevel.Debug, "{Service}: {Endpoint} does not take connections ({Message}); trying the next")]
    private static partial void LogPassedOver(ILogger logger, string service, string endpoint, string message);
}
