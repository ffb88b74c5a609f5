using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Selection;
using MiniPlane.ApiServer.Watching;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>A watch: the present state first when no revision is given, then every change until the time is up.</summary>
internal sealed class WatchHandler(
    ObjectRegistry registry, IHostApplicationLifetime lifetime, ApiServerOptions settings, TimeProvider time) : IVerbHandler
{
    private readonly Random _jitter = new();

    public string Verb => "watch";

    public async Task HandleAsync(ApiRequest request)
    {
        // YAML has no form for a stream.
        if (request.Format.IsYaml)
        {
            throw ApiErrors.NotAcceptable(
                "only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch");
        }

        var options = ListOptions.Read(request);
        ObjectFilter filter = options.Filter(request);
        if (request.Http.WebSockets.IsWebSocketRequest && !request.Format.IsProtobuf)
        {
            await using WatchSocket socket = await WatchSocket.AcceptAsync(request.Http, time);
            await RunAsync(request, options, filter, socket.Output, socket.Gone);
            return;
        }

        Begin(request);
        await RunAsync(request, options, filter, request.Http.Response.BodyWriter, CancellationToken.None);
    }

    private async Task RunAsync(ApiRequest request, ListOptions options, ObjectFilter filter, PipeWriter output, CancellationToken gone)
    {
        using var stream = new WatchStream(request, output, registry.Access, filter, time);
        using var limit = new CancellationTokenSource(Duration(options), time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            [limit.Token, request.Cancelled, lifetime.ApplicationStopping, Ended(request), gone]);
        try
        {
            await FollowAsync(request, options, filter, stream, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The time is up, the client left or the server stops: a watch just ends.
        }
        catch (WatchExpiredException expired) when (!request.Cancelled.IsCancellationRequested)
        {
            await stream.WriteErrorAsync(ApiErrors.Expired(expired.Message), request.Cancelled);
        }
    }

    private async Task FollowAsync(
        ApiRequest request, ListOptions options, ObjectFilter filter, WatchStream stream, CancellationToken cancellationToken)
    {
        string? ns = options.ToQuery(request).Namespace;
        bool wantsState = options.SendInitialEvents ?? options.Revision == 0;
        long revision = options.Revision;
        CollectionSnapshot? snapshot = wantsState ? registry.Collections.Snapshot(request.Kind) : null;
        if (snapshot is not null)
        {
            revision = snapshot.Revision;
        }
        else if (revision == 0)
        {
            revision = registry.Access.Store.Revision;
        }

        using IStoreWatch watch = registry.Access.Store.Watch(request.Kind.Collection, ns, filter.Topic, revision);
        if (snapshot is not null)
        {
            if (filter.NeedsPreparation)
            {
                await registry.Access.PrepareAsync(request.Kind, snapshot.Range(ns, null), cancellationToken);
            }

            await stream.WriteInitialAsync(
                registry.Collections.Matching(request.Kind, snapshot, filter, ns, null), cancellationToken);
        }
        else
        {
            await stream.BeginAsync(cancellationToken);
        }

        if (options.AllowBookmarks && options.SendInitialEvents == true)
        {
            await stream.WriteBookmarkAsync(revision, true, cancellationToken);
        }

        try
        {
            await stream.FollowAsync(watch, options.AllowBookmarks ? settings.BookmarkInterval : null, cancellationToken);
        }
        catch (OperationCanceledException) when (Ended(request).IsCancellationRequested)
        {
            // The definition's objects went before it did: their watchers are still told.
            await stream.DrainAsync(watch, request.Cancelled);
        }
    }

    private static CancellationToken Ended(ApiRequest request) =>
        request.Kind.Custom is CustomResource custom ? custom.Ended : CancellationToken.None;

    private static void Begin(ApiRequest request)
    {
        HttpResponse response = request.Http.Response;
        response.StatusCode = 200;
        response.ContentType = request.Format.IsProtobuf ? ProtobufFrames.ContentType : "application/json";
        response.Headers.CacheControl = "no-cache, private";
    }

    // Without a limit of the client's own: between once and twice the least, so that clients do not all come back at once.
    private TimeSpan Duration(ListOptions options) => options.TimeoutSeconds is > 0 and { } seconds
        ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400))
        : settings.MinWatchTimeout * (1 + Jitter());

    private double Jitter()
    {
        lock (_jitter)
        {
            return _jitter.NextDouble();
        }
    }
}
