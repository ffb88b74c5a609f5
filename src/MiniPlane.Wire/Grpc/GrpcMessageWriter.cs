using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Threading.Channels;
using Google.Protobuf;

namespace MiniPlane.Wire.Grpc;

/// <summary>
/// The sending half of a call: a bounded queue, and a pump that frames what is in it. Several senders may write at once; one
/// message is never inside another.
/// </summary>
internal sealed class GrpcMessageWriter<T>(GrpcLimits limits)
    where T : IMessage<T>
{
    private const int PrefixLength = 5;

    private readonly Channel<T> _queue = Channel.CreateBounded<T>(
        new BoundedChannelOptions(limits.WriteQueue) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public bool TryWrite(T message) => _queue.Writer.TryWrite(message);

    public async ValueTask WriteAsync(T message, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(message, cancellationToken);
        }
        catch (ChannelClosedException exception)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, "the stream is closed for writing", exception);
        }
    }

    /// <summary>No more messages: the pump ends when the queue is empty.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    /// <summary>Writes what is queued until <see cref="Complete"/>; when it ends for another reason, writers are refused.</summary>
    public async Task PumpAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        Exception? fault = null;
        try
        {
            ChannelReader<T> queued = _queue.Reader;
            while (await queued.WaitToReadAsync(cancellationToken))
            {
                int unflushed = 0;
                while (unflushed < limits.FlushBytes && queued.TryRead(out T? message))
                {
                    unflushed += Frame(message, output);
                }

                FlushResult flushed = await output.FlushAsync(cancellationToken);
                if (flushed.IsCompleted)
                {
                    throw new GrpcException(GrpcStatusCode.Unavailable, "the peer reads no more");
                }
            }
        }
#pragma warning disable CA1031 // Kept for the writers, who learn of it at their next write, and thrown on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            fault = exception;
            throw;
        }
        finally
        {
            _queue.Writer.TryComplete(fault);
        }
    }

    private static int Frame(T message, PipeWriter output)
    {
        int size = message.CalculateSize();
        Span<byte> prefix = output.GetSpan(PrefixLength);
        prefix[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(prefix[1..], (uint)size);
        output.Advance(PrefixLength);
        message.WriteTo(output);
        return PrefixLength + size;
    }
}
