using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace MiniPlane.Wire.Grpc;

/// <summary>
/// One bidirectional call, seen from one end. One reader, any number of writers. <see cref="CompleteWriting"/> closes this end's
/// half; reading goes on until the peer closes its own. A call that ends badly throws <see cref="GrpcException"/> from reading.
/// </summary>
public sealed class GrpcDuplex<TRead, TWrite> : IAsyncDisposable
    where TRead : IMessage<TRead>
    where TWrite : IMessage<TWrite>
{
    private readonly GrpcMessageReader<TRead> _reader;
    private readonly GrpcMessageWriter<TWrite> _writer;
    private readonly Func<GrpcStatus> _endStatus;
    private readonly Func<ValueTask> _close;

    internal GrpcDuplex(
        GrpcMessageReader<TRead> reader, GrpcMessageWriter<TWrite> writer, Func<GrpcStatus> endStatus, Func<ValueTask> close)
    {
        _reader = reader;
        _writer = writer;
        _endStatus = endStatus;
        _close = close;
    }

    /// <summary>Queues a message; waits while the queue is full. Unavailable when the call has ended.</summary>
    public ValueTask WriteAsync(TWrite message, CancellationToken cancellationToken) =>
        _writer.WriteAsync(message, cancellationToken);

    /// <summary>Queues a message if there is room and the call still stands.</summary>
    public bool TryWrite(TWrite message) => _writer.TryWrite(message);

    /// <summary>Says that no more messages come; those queued are still sent.</summary>
    public void CompleteWriting() => _writer.Complete();

    /// <summary>The peer's messages until it ends the call. Once only.</summary>
    public async IAsyncEnumerable<TRead> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<TRead> messages = _reader.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await messages.MoveNextAsync())
                {
                    break;
                }
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                throw new GrpcException(GrpcStatusCode.Unavailable, "the connection was lost", exception);
            }

            yield return messages.Current;
        }

        GrpcStatus status = _endStatus();
        if (!status.IsOk)
        {
            throw new GrpcException(status);
        }
    }

    public ValueTask DisposeAsync()
    {
        _writer.Complete();
        return _close();
    }
}
