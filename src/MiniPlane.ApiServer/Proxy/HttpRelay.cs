using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Proxy;

/// <summary>
/// Passes a request on to another HTTP server and its answer back, as it comes, upgraded connections (WebSocket, SPDY) included
/// (k8s.io/apimachinery/pkg/util/proxy.UpgradeAwareHandler).
/// </summary>
internal sealed class HttpRelay(OutboundCaller caller)
{
    // Meant for one hop (RFC 9110, 7.6.1), or this server's own business: credentials are never passed on.
    private static readonly HashSet<string> NotPassedOn = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding",
        "Upgrade", "Host", "Authorization", "Content-Length",
    };

    public async Task RelayAsync(HttpContext context, RelayTarget target)
    {
        bool isUpgrade = context.Request.Headers.Upgrade.Count > 0
            && context.Request.Headers.Connection.ToString().Contains("upgrade", StringComparison.OrdinalIgnoreCase);
        using HttpRequestMessage request = Request(context, target, isUpgrade);
        HttpResponseMessage response;
        try
        {
            response = await caller.SendAsync(request, target.IsService, target.Trust, context.RequestAborted);
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or OutboundException or IOException)
        {
            throw ApiErrors.ServiceUnavailable($"error trying to reach service: {CallFailure.Cause(error)}");
        }

        using (response)
        {
            await AnswerAsync(context, response, target);
        }
    }

    private static HttpRequestMessage Request(HttpContext context, RelayTarget target, bool isUpgrade)
    {
        HttpRequest from = context.Request;
        var request = new HttpRequestMessage(new HttpMethod(from.Method), target.Url) { Version = System.Net.HttpVersion.Version11 };
        if (HasBody(from))
        {
            request.Content = new StreamContent(from.Body);
            if (from.ContentLength is { } length)
            {
                request.Content.Headers.ContentLength = length;
            }
        }

        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in from.Headers)
        {
            if (!NotPassedOn.Contains(name) && name[0] != ':'
                && !name.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase)
                && !name.StartsWith("X-Remote-", StringComparison.OrdinalIgnoreCase)
                && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        if (isUpgrade)
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", from.Headers.Upgrade.ToString());
        }

        string client = context.Connection.RemoteIpAddress?.ToString() ?? "";
        string before = from.Headers["X-Forwarded-For"].ToString();
        request.Headers.Remove("X-Forwarded-For");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", before.Length > 0 ? $"{before}, {client}" : client);
        foreach ((string name, string value) in target.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static bool HasBody(HttpRequest request) =>
        request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0
        || (request.ContentLength is null && request.Protocol == "HTTP/2"
            && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true });

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage response, RelayTarget target)
    {
        HttpResponse answer = context.Response;
        answer.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!NotPassedOn.Contains(name) || name is "Content-Length")
            {
                answer.Headers.Append(name, new Microsoft.Extensions.Primitives.StringValues([.. values]));
            }
        }

        if (target.LocationPrefix is { } prefix && answer.Headers.Location.ToString() is { Length: > 0 } location)
        {
            answer.Headers.Location = Relocate(location, target.Url, prefix);
        }

        if (answer.StatusCode == StatusCodes.Status101SwitchingProtocols
            && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
        {
            answer.Headers.Connection = "Upgrade";
            answer.Headers.Upgrade = string.Join(", ", response.Headers.Upgrade.Select(one => one.ToString()));
            await PumpAsync(upgrade, response, context.RequestAborted);
            return;
        }

        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
            await answer.StartAsync(context.RequestAborted);
            await body.CopyToAsync(answer.Body, context.RequestAborted);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // The head is out: only a cut connection can tell that the rest is missing.
            context.Abort();
        }
    }

    private static async Task PumpAsync(IHttpUpgradeFeature upgrade, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream far = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using Stream near = await upgrade.UpgradeAsync();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task up = CopyAsync(near, far, both.Token);
        Task down = CopyAsync(far, near, both.Token);
        await Task.WhenAny(up, down);
        await both.CancelAsync();
        await Task.WhenAll(up, down);
    }

    private static async Task CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        try
        {
            byte[] block = new byte[16 * 1024];
            int read;
            while ((read = await from.ReadAsync(block, cancellationToken)) > 0)
            {
                await to.WriteAsync(block.AsMemory(0, read), cancellationToken);
                await to.FlushAsync(cancellationToken);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side may hang up; the other is told by its own end.
        }
    }

    // A redirect within the far server must lead back through this one.
    private static string Relocate(string location, Uri from, string prefix)
    {
        if (!Uri.TryCreate(from, location, out Uri? to) || to.Authority != from.Authority)
        {
            return location;
        }

        return prefix + to.PathAndQuery;
    }
}
