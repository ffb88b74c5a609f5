using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Authorization;
using MiniPlane.ApiServer.Pods;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Spdy;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>pods/portforward: over SPDY, over SPDY in a WebSocket (kubectl since 1.31), and over plain WebSocket channels.</summary>
internal sealed class PortForwardHandler(ObjectRegistry registry, IAuthorizer authorizer, IServiceProvider services, TimeProvider time)
    : ISubresourceHandler
{
    private const int MostPorts = 64;

    public bool Handles(KindDefinition kind, string subresource) => kind.IsPod() && subresource == "portforward";

    public async Task HandleAsync(ApiRequest request)
    {
        await PodStreamAccess.RequireCreateAsync(authorizer, request);
        ObjectDocument pod = registry.Access.Get(request.Kind, request.Key);
        JsonObject json = pod.ToJson();
        IPodConnections connections = PodReadiness.RequireNode(json, services.GetService<IPodConnections>());
        if (json.Text("status", "phase") is { } phase and not "Running")
        {
            throw ApiErrors.BadRequest($"unable to forward port because pod is not running. Current status={phase}");
        }

        ValueTask<IPodStream> OpenAsync(int port, CancellationToken cancellationToken) =>
            connections.OpenAsync(pod, new PodStreamRequest { Verb = "portforward", Port = port }, cancellationToken);

        HttpContext context = request.Http;
        if (SpdyUpgrade.IsRequested(context))
        {
            await using SpdyConnection connection = await SpdyUpgrade.AcceptAsync(context, PortForwardTunnel.Protocol, time);
            await new PortForwardTunnel(connection, OpenAsync, time).RunAsync(request.Cancelled);
        }
        else if (!context.WebSockets.IsWebSocketRequest)
        {
            throw ApiErrors.BadRequest("Upgrade request required");
        }
        else if (context.WebSockets.WebSocketRequestedProtocols.Contains(SpdyUpgrade.TunnelPrefix + PortForwardTunnel.Protocol))
        {
            await using SpdyConnection connection = await SpdyUpgrade.AcceptTunnelAsync(context, PortForwardTunnel.Protocol, time);
            await new PortForwardTunnel(connection, OpenAsync, time).RunAsync(request.Cancelled);
        }
        else
        {
            await ServeSocketAsync(request, OpenAsync);
        }
    }

    private static async Task ServeSocketAsync(ApiRequest request, Func<int, CancellationToken, ValueTask<IPodStream>> openAsync)
    {
        WebSocketManager sockets = request.Http.WebSockets;
        if (!sockets.WebSocketRequestedProtocols.Contains(PortForwardSocket.Protocol))
        {
            throw ApiErrors.BadRequest(
                $"none of the offered WebSocket protocols is served; {SpdyUpgrade.TunnelPrefix}{PortForwardTunnel.Protocol} and {PortForwardSocket.Protocol} are");
        }

        int[] ports = ReadPorts(request);
        using WebSocket socket = await sockets.AcceptWebSocketAsync(PortForwardSocket.Protocol);
        using var forwards = new PortForwardSocket(socket, ports, openAsync);
        await forwards.RunAsync(request.Cancelled);
    }

    private static int[] ReadPorts(ApiRequest request)
    {
        string[] texts =
        [
            .. request.Http.Request.Query["ports"].OfType<string>().SelectMany(text => text.Split(',')),
        ];
        if (texts.Length is 0 or > MostPorts)
        {
            throw ApiErrors.BadRequest(texts.Length == 0
                ? "query parameter \"ports\" is required"
                : $"query parameter \"ports\" names {texts.Length} ports; {MostPorts} is the most");
        }

        return
        [
            .. texts.Select(text =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535
                    ? port
                    : throw ApiErrors.BadRequest($"query parameter \"ports\": \"{text}\" is not a port")),
        ];
    }
}
