using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using MiniPlane.Ingress.Routing;

namespace MiniPlane.Ingress.Proxying;

/// <summary>
/// Sends one request on to a ready endpoint and its answer back, both as streams. An endpoint that cannot be reached is passed over
/// for the next one, as long as nothing of the request's body has left.
/// </summary>
internal sealed partial class ProxyHandler(Func<RoutingTable> table, Upstreams upstreams, ILogger<ProxyHandler> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        // A body of any size may pass; the pod decides what it takes.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        string host = context.Request.Host.Host;
        string path = context.Request.Path.HasValue ? context.Request.Path.Value : "/";
        Route? route = table().Find(host, path);
        if (route is null)
        {
            await AnswerAsync(context, StatusCodes.Status404NotFound, "no Ingress has a rule for this host and path");
        }
        else if (route.Backend is not { Endpoints.Count: > 0 } backend)
        {
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "the Service behind this path has no ready endpoints");
        }
        else
        {
            await ForwardAsync(context, backend);
        }
    }

    private async Task ForwardAsync(HttpContext context, Backend backend)
    {
        foreach (IPEndPoint endpoint in backend.InTurn())
        {
            using var body = new RequestBody(context.Request, context.RequestAborted);
            using HttpRequestMessage request = RequestMaker.Make(context, backend.Protocol, endpoint, body);
            HttpResponseMessage response;
            try
            {
                response = await upstreams.SendAsync(request, context.RequestAborted);
            }
            catch (HttpRequestException exception) when (!body.HasStarted && IsUnreachable(exception))
            {
                LogPassedOver(logger, backend.Name, endpoint.ToString(), exception.Message);
                continue;
            }
            catch (HttpRequestException exception)
            {
                LogFailed(logger, backend.Name, endpoint.ToString(), exception.Message);
                await AnswerAsync(context, StatusCodes.Status502BadGateway, "the pod did not answer");
                return;
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            using (response)
            {
                await AnswerCopier.CopyAsync(context, response);
            }

            return;
        }

        await AnswerAsync(context, StatusCodes.Status502BadGateway, "no pod behind this path can be reached");
    }

    private static bool IsUnreachable(HttpRequestException exception) =>
        exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
        || exception.InnerException is SocketException;

    private static async Task AnswerAsync(HttpContext context, int code, string text)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = code;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(text + "\n", context.RequestAborted);
        }
    }

    [LoggerMessage(10001, LogLevel.Debug, "{Backend}: {Endpoint} cannot be reached ({Message}); trying the next")]
    private static partial void LogPassedOver(ILogger logger, string backend, string endpoint, string message);

    [LoggerMessage(10002, LogLevel.Information, "{Backend}: {Endpoint} did not answer: {Message}")]
    private static partial void LogFailed(ILogger logger, string backend, string endpoint, string message);
}
