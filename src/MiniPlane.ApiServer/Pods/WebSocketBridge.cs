using System.Buffers;
using System.Net.WebSockets;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Pods;

/// <summary>Carries messages between a client's WebSocket and a stream into a pod until either side ends.</summary>
internal sealed class WebSocketBridge(WebSocket socket, IPodStream stream, StreamProtocol protocol, TimeProvider time)
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    // kubectl before 1.34 begins to read before it has made its streams, and throws away what comes for them until then.
    private static readonly TimeSpan OpeningPause = TimeSpan.FromMilliseconds(30);

    private volatile bool _isOver;

    /// <summary>Ends a WebSocket that could not be connected with the reason, as a Status on its error channel.</summary>
    public static async Task RefuseAsync(
        WebSocket socket, byte channel, ApiException error, TimeProvider time, CancellationToken cancellationToken)
    {
        await Task.Delay(OpeningPause, time, cancellationToken);
        await SendStatusAsync(socket, channel, error, cancellationToken);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
    }

    public async Task RunAsync(byte firstChannel, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        Task receiving = ReceiveAsync(ended.Token);
        Task sending = OpenAndSendAsync(firstChannel, ended.Token);
        await Task.WhenAny(receiving, sending);
        if (sending.IsCompleted)
        {
            // Hanging up at once could take the last words from the client before it has read them; it hangs up first.
            _isOver = true;
            await CloseAsync();
            await Task.WhenAny(receiving, Task.Delay(CloseTimeout, time, ended.Token));
        }

        await ended.CancelAsync();
        await Task.WhenAll(QuietAsync(receiving), QuietAsync(sending));
    }

    private static ValueTask SendStatusAsync(WebSocket socket, byte channel, ApiException error, CancellationToken cancellationToken) =>
        socket.SendAsync(
            new ReadOnlyMemory<byte>([channel, .. JsonBytes.Encode(error.ToStatus()).Span]), WebSocketMessageType.Binary, true, cancellationToken);

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            if (!await WebSocketMessages.ReceiveAsync(socket, message, cancellationToken))
            {
                return;
            }

            await DeliverAsync(message.WrittenMemory, cancellationToken);
        }
    }

    private async ValueTask DeliverAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (message.IsEmpty || _isOver)
        {
            return;
        }

        byte channel = message.Span[0];
        if (channel == StreamProtocol.CloseMarker && protocol.CanCloseChannels)
        {
            if (message.Length > 1)
            {
                await stream.CloseChannelAsync(message.Span[1], cancellationToken);
            }
        }
        else if (message.Length > 1)
        {
            await stream.WriteAsync(channel, message[1..], cancellationToken);
        }
    }

    private async Task OpenAndSendAsync(byte firstChannel, CancellationToken cancellationToken)
    {
        await Task.Delay(OpeningPause, time, cancellationToken);

        // An empty message tells the client that the stream is open.
        await socket.SendAsync(new[] { firstChannel }, WebSocketMessageType.Binary, true, cancellationToken);
        await SendAsync(cancellationToken);
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendOutputAsync(cancellationToken);
        }
        catch (ApiException error)
        {
            // The pod's side refused after all (the container does not run): without a status the client takes it for success.
            await SendStatusAsync(socket, StreamProtocol.ErrorChannel, error, cancellationToken);
        }
    }

    private async Task SendOutputAsync(CancellationToken cancellationToken)
    {
        await foreach ((byte channel, ReadOnlyMemory<byte> data) in stream.ReadAllAsync(cancellationToken))
        {
            byte[] frame = ArrayPool<byte>.Shared.Rent(data.Length + 1);
            try
            {
                frame[0] = channel;
                data.CopyTo(frame.AsMemory(1));
                await socket.SendAsync(frame.AsMemory(0, data.Length + 1), WebSocketMessageType.Binary, true, cancellationToken);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(frame);
            }
        }
    }

    private async Task CloseAsync()
    {
        using var limit = new CancellationTokenSource(CloseTimeout, time);
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await QuietAsync(socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token));
        }
    }

    // The other side may be gone already; that is one of the ways in which a stream ends.
    private static async Task QuietAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            return;
        }
    }
}
