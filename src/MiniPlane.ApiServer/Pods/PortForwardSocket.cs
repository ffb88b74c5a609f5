using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Pods;

/// <summary>
/// Port-forward in the channels of a WebSocket, as the Python and JavaScript clients speak it: for the n-th port of the request channel
/// 2n carries data and 2n+1 errors, and each starts with the port's number, two bytes, little end first
/// (kubelet: pkg/kubelet/server/portforward/websocket.go).
/// </summary>
internal sealed class PortForwardSocket(
    WebSocket socket, IReadOnlyList<int> ports, Func<int, CancellationToken, ValueTask<IPodStream>> openAsync) : IDisposable
{
    public const string Protocol = "v4.channel.k8s.io";

    private const int QueueLength = 64;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Channel<ReadOnlyMemory<byte>>[] _inputs =
        [.. ports.Select(_ => Channel.CreateBounded<ReadOnlyMemory<byte>>(QueueLength))];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        for (int i = 0; i < ports.Count; i++)
        {
            byte[] port = new byte[sizeof(ushort)];
            BinaryPrimitives.WriteUInt16LittleEndian(port, (ushort)ports[i]);
            await SendAsync(DataChannel(i), port, ended.Token);
            await SendAsync(ErrorChannel(i), port, ended.Token);
        }

        var forwarding = Task.WhenAll(ports.Select((port, i) => ForwardAsync(port, i, ended.Token)));
        Task receiving = ReceiveAsync(ended.Token);
        await Task.WhenAny(forwarding, receiving);
        if (forwarding.IsCompleted && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, ended.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await ended.CancelAsync();
        await forwarding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _writing.Dispose();

    private static byte DataChannel(int index) => (byte)(2 * index);

    private static byte ErrorChannel(int index) => (byte)((2 * index) + 1);

    private async Task ForwardAsync(int port, int index, CancellationToken cancellationToken)
    {
        try
        {
            await using IPodStream pod = await openAsync(port, cancellationToken);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task feeding = PortForwardInput.FeedAsync(_inputs[index].Reader, pod, over.Token);
            await foreach ((_, ReadOnlyMemory<byte> bytes) in pod.ReadAllAsync(cancellationToken))
            {
                await SendAsync(DataChannel(index), bytes, cancellationToken);
            }

            await over.CancelAsync();
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (ApiException error)
        {
            await SendAsync(ErrorChannel(index), Encoding.UTF8.GetBytes($"error forwarding port {port}: {error.Message}"), cancellationToken);
        }
        finally
        {
            _inputs[index].Writer.TryComplete();
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            if (!await WebSocketMessages.ReceiveAsync(socket, message, cancellationToken))
            {
                return;
            }

            // Clients send on the data channels only; an empty message says nothing.
            int index = message.WrittenCount > 1 && message.WrittenSpan[0] % 2 == 0 ? message.WrittenSpan[0] / 2 : _inputs.Length;
            if (index < _inputs.Length)
            {
                await DeliverAsync(_inputs[index].Writer, message.WrittenSpan[1..].ToArray(), cancellationToken);
            }
        }
    }

    private static async ValueTask DeliverAsync(ChannelWriter<ReadOnlyMemory<byte>> input, byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(bytes, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            // The pod's side has ended.
        }
    }

    private async ValueTask SendAsync(byte channel, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        byte[] message = [channel, .. bytes.Span];
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Binary, true, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }
}
