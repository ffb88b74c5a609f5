using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;
using MiniPlane.Ingress.Routing;

namespace MiniPlane.Ingress.Proxying;

/// <summary>The request that an endpoint gets: the client's, without what concerns one connection only, and with who asked.</summary>
internal static class RequestMaker
{
    // RFC 9110, 7.6.1: these are between two neighbours.
    private static readonly HashSet<string> Hops = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP",
    };

    public static bool IsHop(string header) => Hops.Contains(header);

    public static HttpRequestMessage Make(HttpContext context, BackendProtocol protocol, IPEndPoint endpoint, RequestBody body)
    {
        HttpRequest incoming = context.Request;
        bool isTls = protocol is BackendProtocol.Https or BackendProtocol.Https2;
        bool isHttp2 = protocol is BackendProtocol.Http2 or BackendProtocol.Https2;
        string target = UriHelper.BuildRelative(incoming.PathBase, incoming.Path, incoming.QueryString);
        var request = new HttpRequestMessage(
            HttpMethod.Parse(incoming.Method), new Uri($"{(isTls ? "https" : "http")}://{endpoint}{target}"))
        {
            Version = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (incoming.ContentLength > 0 || (incoming.ContentLength is null && HasBody(context)))
        {
            request.Content = body;
        }

        foreach ((string name, StringValues values) in incoming.Headers)
        {
            if (!IsHop(name) && !name.StartsWith(':') && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        AddOrigin(context, request);
        if (isHttp2)
        {
            // gRPC servers insist on it.
            request.Headers.TryAddWithoutValidation("TE", "trailers");
        }
        else if (IsUpgrade(incoming))
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", incoming.Headers.Upgrade.ToString());
        }

        return request;
    }

    private static bool IsUpgrade(HttpRequest request) =>
        request.Headers.Connection.ToString().Contains("upgrade", StringComparison.OrdinalIgnoreCase)
        && !StringValues.IsNullOrEmpty(request.Headers.Upgrade);

    private static bool HasBody(HttpContext context) =>
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;

    private static void AddOrigin(HttpContext context, HttpRequestMessage request)
    {
        string client = context.Connection.RemoteIpAddress?.MapToIPv4().ToString() ?? "";
        if (context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: false, AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } address)
        {
            client = address.ToString();
        }

        request.Headers.Host = context.Request.Host.Value;
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", client);
        request.Headers.TryAddWithoutValidation("X-Real-IP", client);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", context.Request.Host.Value);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", context.Request.Scheme);
    }
}
