using System.Threading.Channels;
using Google.Protobuf;
using MiniPlane.Wire.Agent;
using MiniPlane.Wire.Grpc;

namespace MiniPlane.Agent.Streams;

/// <summary>One stream inside the connection, seen from the pod: what the client sends, and where the answer goes.</summary>
internal sealed class PodStream(ulong id, GrpcDuplex<ControlMessage, AgentMessage> duplex)
{
    public const uint Stdin = 0;
    public const uint Stdout = 1;
    public const uint Stderr = 2;
    public const uint Error = 3;
    public const uint Resize = 4;

    private const int QueueLength = 256;

    private readonly Channel<StreamData> _incoming = Channel.CreateBounded<StreamData>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public ChannelReader<StreamData> Incoming => _incoming.Reader;

    public ChannelWriter<StreamData> Queue => _incoming.Writer;

    /// <summary>Sends; waits while the connection is busy.</summary>
    public ValueTask SendAsync(uint channel, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => duplex.WriteAsync(
        new AgentMessage { StreamData = new StreamData { Id = id, Channel = channel, Data = ByteString.CopyFrom(data.Span) } },
        cancellationToken);

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
