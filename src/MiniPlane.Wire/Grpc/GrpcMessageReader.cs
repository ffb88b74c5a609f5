using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace MiniPlane.Wire.Grpc;

/// <summary>Takes messages out of gRPC's frames: one flag byte, four bytes of length, the message.</summary>
internal sealed class GrpcMessageReader<T>(PipeReader input, MessageParser<T> parser, GrpcLimits limits)
    where T : IMessage<T>
{
    private const int PrefixLength = 5;

    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await input.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (TryTake(ref buffer, out T? message))
            {
                yield return message;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
            if (!result.IsCompleted)
            {
                continue;
            }

            if (buffer.Length > 0)
            {
                throw new GrpcException(GrpcStatusCode.Internal, "the peer's stream ended inside a message");
            }

            yield break;
        }
    }

    private bool TryTake(ref ReadOnlySequence<byte> buffer, [NotNullWhen(true)] out T? message)
    {
        message = default;
        if (buffer.Length < PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        if (prefix[0] != 0)
        {
            throw new GrpcException(GrpcStatusCode.Unimplemented, "compressed messages are not supported");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (length > limits.MaxMessageBytes)
        {
            throw new GrpcException(
                GrpcStatusCode.ResourceExhausted, $"a message of {length} bytes is larger than {limits.MaxMessageBytes} bytes");
        }

        if (buffer.Length < PrefixLength + length)
        {
            return false;
        }

        try
        {
            message = parser.ParseFrom(buffer.Slice(PrefixLength, length));
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "a message could not be read", exception);
        }

        buffer = buffer.Slice(PrefixLength + length);
        return true;
    }
}
