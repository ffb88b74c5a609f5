using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MiniPlane.Ingress.Proxying;

/// <summary>Copies an endpoint's answer to the client as it comes; an upgraded connection (WebSocket) is joined both ways.</summary>
internal static class AnswerCopier
{
    private const int BlockBytes = 32 * 1024;

    public static async Task CopyAsync(HttpContext context, HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.SwitchingProtocols)
        {
            await JoinAsync(context, response);
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        CopyHeaders(context, response.Headers);
        CopyHeaders(context, response.Content.Headers);
        await using Stream body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        try
        {
            await context.Response.StartAsync(context.RequestAborted);
            await PumpAsync(body, context.Response.Body, context.RequestAborted);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // Half an answer must not look like a whole one.
            context.Abort();
            return;
        }

        foreach ((string name, IEnumerable<string> values) in response.TrailingHeaders)
        {
            if (context.Response.SupportsTrailers())
            {
                context.Response.AppendTrailer(name, values.ToArray());
            }
        }
    }

    private static async Task JoinAsync(HttpContext context, HttpResponseMessage response)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } upgrade)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        CopyHeaders(context, response.Headers);
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = string.Join(',', response.Headers.Upgrade.Select(product => product.ToString()));
        await using Stream pod = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        await using Stream client = await upgrade.UpgradeAsync();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        Task up = PumpAsync(client, pod, ending.Token);
        Task down = PumpAsync(pod, client, ending.Token);

        // When either side ends, so does the other: there is no half of a WebSocket.
        await Task.WhenAny(up, down);
        await ending.CancelAsync();
        await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void CopyHeaders(HttpContext context, HttpHeaders headers)
    {
        foreach ((string name, HeaderStringValues values) in headers.NonValidated)
        {
            if (!RequestMaker.IsHop(name))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }
    }

    private static async Task PumpAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        byte[] block = new byte[BlockBytes];
        int read;
        while ((read = await from.ReadAsync(block, cancellationToken)) > 0)
        {
            await to.WriteAsync(block.AsMemory(0, read), cancellationToken);
            await to.FlushAsync(cancellationToken);
        }
    }
}
