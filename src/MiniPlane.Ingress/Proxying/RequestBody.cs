using System.Net;
using Microsoft.AspNetCore.Http;

namespace MiniPlane.Ingress.Proxying;

/// <summary>The client's request body as it comes, so that a stream (gRPC) can flow while the answer does.</summary>
internal sealed class RequestBody(HttpRequest request, CancellationToken aborted) : HttpContent
{
    private const int BlockBytes = 32 * 1024;

    /// <summary>Something of the body has been read: it cannot be sent again.</summary>
    public bool HasStarted { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, aborted);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        HasStarted = true;
        byte[] block = new byte[BlockBytes];
        int read;
        while ((read = await request.Body.ReadAsync(block, cancellationToken)) > 0)
        {
            await stream.WriteAsync(block.AsMemory(0, read), cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = request.ContentLength ?? 0;
        return request.ContentLength is not null;
    }
}
