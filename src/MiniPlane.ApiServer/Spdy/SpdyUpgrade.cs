using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Spdy;

/// <summary>
/// From a request to a <see cref="SpdyConnection"/>: by HTTP/1.1 upgrade, the only way of kubectl before 1.29, or inside the messages
/// of a WebSocket, the way of kubectl's port-forward since (KEP-4006).
/// </summary>
internal static class SpdyUpgrade
{
    /// <summary>The prefix of the WebSocket protocols that carry SPDY.</summary>
    public const string TunnelPrefix = "SPDY/3.1+";

    private const string UpgradeName = "SPDY/3.1";
    private const string ProtocolHeader = "X-Stream-Protocol-Version";
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    public static bool IsRequested(HttpContext context) =>
        context.Request.Headers.Upgrade.ToString().Equals(UpgradeName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Switches the connection to SPDY.</summary>
    /// <exception cref="ApiException">400 when the connection cannot be switched, 403 when no protocol is common, as upstream.</exception>
    public static async ValueTask<SpdyConnection> AcceptAsync(HttpContext context, string protocol, TimeProvider time)
    {
        string[] offered = Offered(context);
        if (offered.Length > 0 && !offered.Contains(protocol, StringComparer.Ordinal))
        {
            throw new ApiException(403, "Forbidden",
                $"unable to upgrade: unable to negotiate protocol: client supports [{string.Join(' ', offered)}], server accepts [{protocol}]");
        }

        context.Response.Headers[ProtocolHeader] = protocol;
        return new SpdyConnection(await SwitchAsync(context, UpgradeName), time);
    }

    /// <summary>
    /// Carries SPDY in the messages of a WebSocket. The handshake (RFC 6455, section 4.2.2) is done here, since the framework refuses
    /// to name a protocol with a slash in it.
    /// </summary>
    /// <exception cref="ApiException">400 when the connection cannot be switched.</exception>
    public static async ValueTask<SpdyConnection> AcceptTunnelAsync(HttpContext context, string protocol, TimeProvider time)
    {
        const string handshakeId = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        string key = context.Request.Headers.SecWebSocketKey.ToString();
#pragma warning disable CA5350 // The RFC says SHA-1; it proves that the server speaks WebSocket, and keeps no secret.
        context.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + handshakeId)));
#pragma warning restore CA5350
        context.Response.Headers.SecWebSocketProtocol = TunnelPrefix + protocol;
        Stream transport = await SwitchAsync(context, "websocket");
        var socket = WebSocket.CreateFromStream(
            transport, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = KeepAlive });
        return new SpdyConnection(WebSocketStream.Create(socket, WebSocketMessageType.Binary, CloseTimeout), time);
    }

    private static Task<Stream> SwitchAsync(HttpContext context, string name)
    {
        IHttpUpgradeFeature? upgrade = context.Features.Get<IHttpUpgradeFeature>();
        if (upgrade is not { IsUpgradableRequest: true })
        {
            throw ApiErrors.BadRequest("Upgrade request required");
        }

        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = name;
        return upgrade.UpgradeAsync();
    }

    private static string[] Offered(HttpContext context) =>
    [
        .. context.Request.Headers[ProtocolHeader]
            .OfType<string>()
            .SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
    ];
}
