using System.IO.Pipelines;
using System.Net;
using Google.Protobuf;

namespace MiniPlane.Wire.Grpc;

/// <summary>A request body that is written for as long as the call lives.</summary>
internal sealed class GrpcRequestContent<T>(GrpcMessageWriter<T> writer, CancellationToken callToken) : HttpContent
    where T : IMessage<T>
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(callToken, cancellationToken);

        // The headers must leave before the first message is there: the server speaks first in some calls.
        await stream.FlushAsync(either.Token);
        var output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await writer.PumpAsync(output, either.Token);
        await output.CompleteAsync();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
