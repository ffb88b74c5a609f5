using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Google.Protobuf;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Agent.Streams;

/// <summary>
/// One stream inside the connection, seen from the pod: what the client sends, and where the answer goes. A client that does not read
/// holds up this stream alone.
/// </summary>
/// <param name="id">The control plane's number of it.</param>
/// <param name="window">What may be sent before the client has read; 0 for a control plane that does not count.</param>
/// <param name="duplex">The connection.</param>
internal sealed class PodStream(ulong id, uint window, GrpcDuplex<ControlMessage, AgentMessage> duplex)
{
    public const uint Stdin = 0;
    public const uint Stdout = 1;
    public const uint Stderr = 2;
    public const uint Error = 3;
    public const uint Resize = 4;

    // The ends of channels are not counted by the window.
    private static readonly int QueueLength = StreamCredit.MostMessages(StreamCredit.DefaultWindow) + 8;

    private readonly Channel<StreamData> _incoming = Channel.CreateBounded<StreamData>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly StreamReceipt _receipt = new(StreamCredit.DefaultWindow);

    /// <summary>What the client lets this side send.</summary>
    public StreamCredit Credit { get; } = new(window);

    public ChannelWriter<StreamData> Queue => _incoming.Writer;

    /// <summary>What the client sends, until it leaves. Asking for the next says that the one before was taken.</summary>
    public async IAsyncEnumerable<StreamData> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (StreamData data in _incoming.Reader.ReadAllAsync(cancellationToken))
        {
            yield return data;
            if (window > 0 && !data.Data.IsEmpty && _receipt.Take(data.Data.Length) is > 0 and var taken)
            {
                await duplex.WriteAsync(new AgentMessage { StreamWindow = new StreamWindow { Id = id, Bytes = taken } }, cancellationToken);
            }
        }
    }

    /// <summary>Sends; waits while the client reads nothing, or the connection is busy.</summary>
    public ValueTask SendAsync(uint channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        SendAsync(channel, data, position: null, cancellationToken);

    public async ValueTask SendAsync(uint channel, ReadOnlyMemory<byte> data, LogPosition? position, CancellationToken cancellationToken)
    {
        await Credit.TakeAsync(data.Length, cancellationToken);
        StreamData message = new() { Id = id, Channel = channel, Data = ByteString.CopyFrom(data.Span), Position = position };
        await duplex.WriteAsync(new AgentMessage { StreamData = message }, cancellationToken);
    }

    public ValueTask CloseChannelAsync(uint channel, CancellationToken cancellationToken) => duplex.WriteAsync(
        new AgentMessage { StreamData = new StreamData { Id = id, Channel = channel, EndOfChannel = true } }, cancellationToken);

    /// <summary>Copies a container's stream to a channel until it ends.</summary>
    public async Task CopyAsync(Stream source, uint channel, CancellationToken cancellationToken)
    {
        byte[] block = new byte[32 * 1024];
        try
        {
            int read;
            while ((read = await source.ReadAsync(block, cancellationToken)) > 0)
            {
                await SendAsync(channel, block.AsMemory(0, read), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The other side has gone; what it said has been sent.
        }
    }
}
