using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Threading.Channels;

namespace MiniPlane.ApiServer.Spdy;

/// <summary>
/// The server's side of SPDY/3.1 as Kubernetes clients speak it for exec, attach and port-forward: streams opened by the client,
/// pings answered, no push, and no flow-control windows (client-go neither sends nor honours them): a stream whose reader is behind
/// makes the connection wait. (SPDY Protocol draft 3.1; k8s.io/apimachinery/pkg/util/httpstream/spdy.)
/// </summary>
internal sealed class SpdyConnection : IAsyncDisposable
{
    private const int FrameHeaderLength = 8;
    private const int MostStreams = 256;
    private const int LongestFrame = 1024 * 1024;
    private const int LongestWrite = 32 * 1024;
    private const byte FinFlag = 0x01;
    private const ushort Version = 3;

    /// <summary>kubelet's streamingConnectionIdleTimeout.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromHours(4);

    private readonly Stream _transport;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SpdyHeaderReader _headers = new();
    private readonly SpdyHeaderWriter _headerWriter = new();
    private readonly ConcurrentDictionary<uint, SpdyStream> _streams = new();
    private readonly Channel<SpdyStream> _accepted = Channel.CreateBounded<SpdyStream>(MostStreams);

    public SpdyConnection(Stream transport, TimeProvider time)
    {
        _transport = transport;
        _time = time;
    }

    /// <summary>The streams that the client opens, in order; ends with the connection.</summary>
    public ChannelReader<SpdyStream> Accepted => _accepted.Reader;

    /// <summary>Reads until the client leaves, nothing has come for four hours, or the client breaks the protocol.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(IdleLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        byte[] header = new byte[FrameHeaderLength];
        try
        {
            while (await _transport.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, either.Token) == header.Length)
            {
                idle.CancelAfter(IdleLimit);
                byte[] body = new byte[BodyLength(header)];
                await _transport.ReadExactlyAsync(body, either.Token);
                if ((header[0] & 0x80) == 0)
                {
                    await TakeDataAsync(BinaryPrimitives.ReadUInt32BigEndian(header), body, header[4], either.Token);
                }
                else if (!await TakeControlAsync(header, body, either.Token))
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // The client has hung up or gone silent.
        }
        finally
        {
            _accepted.Writer.TryComplete();
            foreach (SpdyStream stream in _streams.Values)
            {
                stream.Queue.TryComplete();
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _headers.Dispose();
        _writing.Dispose();
        return _transport.DisposeAsync();
    }

    internal async ValueTask SendDataAsync(uint id, ReadOnlyMemory<byte> data, bool isLast, CancellationToken cancellationToken)
    {
        do
        {
            ReadOnlyMemory<byte> part = data[..Math.Min(data.Length, LongestWrite)];
            data = data[part.Length..];
            byte[] frame = new byte[FrameHeaderLength + part.Length];
            BinaryPrimitives.WriteUInt32BigEndian(frame, id);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), part.Length);
            frame[4] = isLast && data.IsEmpty ? FinFlag : (byte)0;
            part.CopyTo(frame.AsMemory(FrameHeaderLength));
            await WriteAsync(frame, cancellationToken);
        }
        while (!data.IsEmpty);
    }

    private static int BodyLength(ReadOnlySpan<byte> header)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(header[4..]) & 0xFFFFFF;
        return length <= LongestFrame ? length : throw new SpdyException($"a frame of {length} bytes; {LongestFrame} is the most");
    }

    private static byte[] Control(SpdyFrameType type, ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[FrameHeaderLength + body.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, 0x8000 | Version);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)type);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), body.Length);
        body.CopyTo(frame.AsSpan(FrameHeaderLength));
        return frame;
    }

    private static uint StreamId(ReadOnlySpan<byte> body) => body.Length >= sizeof(uint)
        ? BinaryPrimitives.ReadUInt32BigEndian(body) & 0x7FFFFFFF
        : throw new SpdyException("a control frame is too short");

    /// <summary>Handles a control frame; false when the client says goodbye.</summary>
    private async ValueTask<bool> TakeControlAsync(byte[] header, byte[] body, CancellationToken cancellationToken)
    {
        switch ((SpdyFrameType)BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)))
        {
            case SpdyFrameType.SynStream:
                await AcceptAsync(body, header[4], cancellationToken);
                break;
            case SpdyFrameType.RstStream:
                if (_streams.TryRemove(StreamId(body), out SpdyStream? stream))
                {
                    stream.Queue.TryComplete();
                }

                break;
            case SpdyFrameType.Headers when body.Length > sizeof(uint):
                _headers.Read(body.AsSpan(sizeof(uint)));
                break;
            case SpdyFrameType.Ping when StreamId(body) % 2 == 1:
                await WriteAsync(Control(SpdyFrameType.Ping, body), cancellationToken);
                break;
            case SpdyFrameType.GoAway:
                return false;
        }

        return true;
    }

    private async ValueTask AcceptAsync(byte[] body, byte flags, CancellationToken cancellationToken)
    {
        const int beforeHeaders = 10;
        uint id = StreamId(body);
        if (body.Length < beforeHeaders)
        {
            throw new SpdyException("a SYN_STREAM frame is too short");
        }

        var stream = new SpdyStream(id, _headers.Read(body.AsSpan(beforeHeaders)), this);
        if (_streams.Count >= MostStreams || !_streams.TryAdd(id, stream))
        {
            throw new SpdyException(_streams.Count >= MostStreams ? $"more than {MostStreams} open streams" : $"stream {id} is open already");
        }

        if ((flags & FinFlag) != 0)
        {
            stream.Queue.TryComplete();
        }

        byte[] reply = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(reply, id);
        await WriteAsync(
            () => Control(SpdyFrameType.SynReply, [.. reply, .. _headerWriter.Write([])]), cancellationToken);
        await _accepted.Writer.WriteAsync(stream, cancellationToken);
    }

    private async ValueTask TakeDataAsync(uint id, byte[] data, byte flags, CancellationToken cancellationToken)
    {
        if (!_streams.TryGetValue(id, out SpdyStream? stream))
        {
            return;
        }

        if (data.Length > 0)
        {
            try
            {
                await stream.Queue.WriteAsync(data, cancellationToken);
            }
            catch (ChannelClosedException)
            {
                // Nobody reads this stream any more.
            }
        }

        if ((flags & FinFlag) != 0)
        {
            stream.Queue.TryComplete();
            _streams.TryRemove(id, out _);
        }
    }

    private ValueTask WriteAsync(byte[] frame, CancellationToken cancellationToken) => WriteAsync(() => frame, cancellationToken);

    // Frames are made in the order in which they are sent: header blocks depend on each other.
    private async ValueTask WriteAsync(Func<byte[]> frame, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await _transport.WriteAsync(frame(), cancellationToken);
            await _transport.FlushAsync(cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }
}
