using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;
using MiniPlane.Store.Snapshots;

namespace MiniPlane.Snapshots;

/// <summary>
/// <c>GET /miniplane/snapshot</c>: all objects at one revision, for those who may read this path (by default administrators). The
/// keys of the cluster are not part of it; they never leave the data directory by the network.
/// </summary>
internal sealed class SnapshotEndpoint(IRevisionStore store, TimeProvider time) : INonResourceEndpoint
{
    public const string Path = "/miniplane/snapshot";

    // A client that takes nothing keeps old objects in memory; this is how long it may.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public bool Matches(string path) => path == Path;

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        HttpResponse response = context.Response;
        response.ContentType = "application/octet-stream";
        response.Headers.CacheControl = "no-store";
        using var limit = new CancellationTokenSource(Limit, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            await SnapshotWriter.WriteObjectsAsync(response.Body, store.ReadAll(), time.GetUtcNow(), ended.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // An answer that just ends would look whole to HTTP.
            context.Abort();
        }
    }
}
