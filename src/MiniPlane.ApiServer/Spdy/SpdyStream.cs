using System.Threading.Channels;

namespace MiniPlane.ApiServer.Spdy;

/// <summary>One stream that the client has opened in a <see cref="SpdyConnection"/>; both sides may write, and each ends its own half.</summary>
internal sealed class SpdyStream(uint id, IReadOnlyDictionary<string, string> headers, SpdyConnection connection)
{
    private const int QueueLength = 64;

    private readonly Channel<ReadOnlyMemory<byte>> _incoming = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, SingleWriter = true });

    private bool _isClosed;

    public uint Id { get; } = id;

    /// <summary>What the client said on opening; Kubernetes puts <c>streamtype</c>, <c>port</c> and <c>requestid</c> here.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } = headers;

    /// <summary>What the client sends, until it ends its half or the connection ends.</summary>
    public ChannelReader<ReadOnlyMemory<byte>> Incoming => _incoming.Reader;

    internal ChannelWriter<ReadOnlyMemory<byte>> Queue => _incoming.Writer;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        _isClosed ? ValueTask.CompletedTask : connection.SendDataAsync(Id, data, isLast: false, cancellationToken);

    /// <summary>Ends the server's half.</summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        if (!_isClosed)
        {
            _isClosed = true;
            await connection.SendDataAsync(Id, default, isLast: true, cancellationToken);
        }
    }

    /// <summary>Nobody reads this stream any more; what the client still sends is dropped.</summary>
    public void Leave() => _incoming.Writer.TryComplete();

    public string Header(string name) => Headers.TryGetValue(name, out string? value) ? value : "";
}
