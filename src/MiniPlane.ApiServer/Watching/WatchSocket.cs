using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Watching;

/// <summary>
/// A watch over a WebSocket, for browsers: each event is a message of its own (k8s.io/apiserver/pkg/endpoints/handlers, HandleWS). What is
/// written to <see cref="Output"/> is cut into messages at its line feeds.
/// </summary>
internal sealed class WatchSocket : IAsyncDisposable
{
    private const string TokenProtocol = "base64url.bearer.authorization.k8s.io.";
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly Pipe _pipe = new();
    private readonly WebSocket _socket;
    private readonly CancellationTokenSource _gone = new();
    private readonly Task _sending;
    private readonly Task _listening;
    private readonly TimeProvider _time;

    private WatchSocket(WebSocket socket, TimeProvider time)
    {
        _socket = socket;
        _time = time;
        _sending = SendAsync();
        _listening = ListenAsync();
    }

    public PipeWriter Output => _pipe.Writer;

    /// <summary>Comes when the client leaves.</summary>
    public CancellationToken Gone => _gone.Token;

    public static async Task<WatchSocket> AcceptAsync(HttpContext context, TimeProvider time)
    {
        // A protocol that carries the client's token is not one that can be agreed on.
        string? protocol = context.WebSockets.WebSocketRequestedProtocols
            .FirstOrDefault(one => !one.StartsWith(TokenProtocol, StringComparison.Ordinal));
        return new WatchSocket(await context.WebSockets.AcceptWebSocketAsync(protocol), time);
    }

    public async ValueTask DisposeAsync()
    {
        await _pipe.Writer.CompleteAsync();
        using var limit = new CancellationTokenSource(CloseLimit, _time);
        try
        {
            await _sending.WaitAsync(limit.Token);
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
            await _listening.WaitAsync(limit.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or InvalidOperationException)
        {
            // The client did not wait for a good-bye.
            _socket.Abort();
        }

        await _gone.CancelAsync();
        _socket.Dispose();
        _gone.Dispose();
    }

    private async Task SendAsync()
    {
        while (true)
        {
            ReadResult result = await _pipe.Reader.ReadAsync(CancellationToken.None);
            ReadOnlySequence<byte> rest = result.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                await TrySendAsync(rest.Slice(0, end));
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            _pipe.Reader.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private async Task TrySendAsync(ReadOnlySequence<byte> message)
    {
        try
        {
            await _socket.SendAsync(message.ToArray(), WebSocketMessageType.Text, true, _gone.Token);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            // Nobody reads any more; the listener says so.
        }
    }

    private async Task ListenAsync()
    {
        byte[] ignored = new byte[512];
        try
        {
            while ((await _socket.ReceiveAsync(ignored, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                // Nothing that a watcher sends means anything.
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            // Left without a word.
        }

        await _gone.CancelAsync();
    }
}
