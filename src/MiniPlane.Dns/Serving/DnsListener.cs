using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MiniPlane.Dns.Messages;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Dns.Serving;

/// <summary>Listens on UDP and TCP and hands requests to the responder.</summary>
internal sealed partial class DnsListener(
    DnsResponder responder, ClusterDnsOptions options, ILogger<DnsListener> logger, TimeProvider time)
    : BackgroundLoop(logger, time), IClusterDns
{
    private const int MaxRequestOctets = 4096;

    private readonly ILogger _logger = logger;
    private readonly TaskCompletionSource<IPEndPoint> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _port = options.Port;

    public Task<IPEndPoint> WhenListeningAsync(CancellationToken cancellationToken) =>
        _listening.Task.WaitAsync(cancellationToken);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        using var sockets = DnsSockets.Bind(options.Address, _port);

        // After a fault the same port again: pods were told this one.
        _port = sockets.EndPoint.Port;
        LogListening(_logger, sockets.EndPoint, options.Zone);
        _listening.TrySetResult(sockets.EndPoint);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(ServeUdpAsync(sockets.Udp, ending), ServeTcpAsync(sockets.Tcp, ending));
    }

    private async Task ServeUdpAsync(Socket socket, CancellationTokenSource ending)
    {
        CancellationToken cancellationToken = ending.Token;
        using var slots = new TaskSlots(options.MaxForwards, _logger);
        byte[] buffer = new byte[MaxRequestOctets];
        EndPoint anyone = new IPEndPoint(
            socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        try
        {
            while (true)
            {
                SocketReceiveFromResult received;
                try
                {
                    received = await socket.ReceiveFromAsync(buffer, anyone, cancellationToken);
                }
                catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset
                    or SocketError.ConnectionRefused or SocketError.MessageSize)
                {
                    // About one sender: it went away, or sent more than a query can be.
                    continue;
                }

                byte[] request = buffer[..received.ReceivedBytes];
                slots.TryRun(() => RespondAsync(socket, request, received.RemoteEndPoint, cancellationToken));
            }
        }
        finally
        {
            // Whichever loop ends, both end, and so does the work beside them.
            await ending.CancelAsync();
            await slots.DrainAsync();
        }
    }

    private async Task RespondAsync(Socket socket, byte[] request, EndPoint client, CancellationToken cancellationToken)
    {
        if (await responder.RespondAsync(request, isTcp: false, cancellationToken) is { } response)
        {
            await socket.SendToAsync(response, client, cancellationToken);
        }
    }

    private async Task ServeTcpAsync(Socket listener, CancellationTokenSource ending)
    {
        CancellationToken cancellationToken = ending.Token;
        using var slots = new TaskSlots(options.MaxConnections, _logger);
        try
        {
            while (true)
            {
                Socket connection = await listener.AcceptAsync(cancellationToken);
                if (!slots.TryRun(() => ServeConnectionAsync(connection, cancellationToken)))
                {
                    connection.Dispose();
                }
            }
        }
        finally
        {
            // Whichever loop ends, both end, and so does the work beside them.
            await ending.CancelAsync();
            await slots.DrainAsync();
        }
    }

    private async Task ServeConnectionAsync(Socket connection, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        bool goesOn = true;
        while (goesOn)
        {
            using var idle = new CancellationTokenSource(options.ConnectionIdleTimeout, Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
            try
            {
                goesOn = await ServeRequestAsync(stream, either.Token);
            }
            catch (IOException)
            {
                // The client has gone; nobody else is concerned.
                goesOn = false;
            }
        }
    }

    private async Task<bool> ServeRequestAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        if (await TcpFrame.ReadAsync(stream, cancellationToken) is not { } request
            || await responder.RespondAsync(request, isTcp: true, cancellationToken) is not { } response)
        {
            return false;
        }

        await stream.WriteAsync(TcpFrame.Wrap(response), cancellationToken);
        return true;
    }

    [LoggerMessage(6022, LogLevel.Information, "DNS for {Zone} listens on {EndPoint}, UDP and TCP")]
    private static partial void LogListening(ILogger logger, IPEndPoint endPoint, string zone);
}
