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

/// <summary>pods/exec and pods/attach, over WebSocket and over SPDY.</summary>
internal sealed class PodStreamHandler(ObjectRegistry registry, IAuthorizer authorizer, IServiceProvider services, TimeProvider time)
    : ISubresourceHandler
{
    private const byte StandardOutput = 1;
    private const byte StandardError = 2;

    public bool Handles(KindDefinition kind, string subresource) => kind.IsPod() && subresource is "exec" or "attach";

    public async Task HandleAsync(ApiRequest request)
    {
        await PodStreamAccess.RequireCreateAsync(authorizer, request);
        ObjectDocument pod = registry.Access.Get(request.Kind, request.Key);
        PodStreamRequest stream = Read(request, pod.ToJson());
        IPodConnections connections = PodReadiness.RequireNode(pod.ToJson(), services.GetService<IPodConnections>());
        HttpContext context = request.Http;
        if (SpdyUpgrade.IsRequested(context))
        {
            await using IPodStream command = await connections.OpenAsync(pod, stream, request.Cancelled);
            await using SpdyConnection connection = await SpdyUpgrade.AcceptAsync(context, SpdyCommandBridge.Protocol, time);
            await new SpdyCommandBridge(connection, command, stream, time).RunAsync(request.Cancelled);
            return;
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            throw ApiErrors.BadRequest("Upgrade request required");
        }

        StreamProtocol protocol = StreamProtocol.Choose(context.WebSockets.WebSocketRequestedProtocols)
            ?? throw ApiErrors.BadRequest("none of the offered WebSocket protocols is served; v5.channel.k8s.io and v4.channel.k8s.io are");
        IPodStream opened;
        try
        {
            opened = await connections.OpenAsync(pod, stream, request.Cancelled);
        }
        catch (ApiException error)
        {
            // A refused upgrade makes kubectl try its older protocol and show that one's failure instead.
            using WebSocket refused = await context.WebSockets.AcceptWebSocketAsync(protocol.Name);
            await WebSocketBridge.RefuseAsync(refused, StreamProtocol.ErrorChannel, error, time, request.Cancelled);
            return;
        }

        await using (opened)
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(protocol.Name);
            byte first = stream.Stdout ? StandardOutput : stream.Stderr ? StandardError : StreamProtocol.ErrorChannel;
            await new WebSocketBridge(socket, opened, protocol, time).RunAsync(first, request.Cancelled);
        }
    }

    private static PodStreamRequest Read(ApiRequest request, JsonObject pod)
    {
        var stream = new PodStreamRequest
        {
            Verb = request.Info.Subresource,
            Container = ContainerChoice.Choose(pod, request.Query("container")),
            Command = [.. request.Http.Request.Query["command"].OfType<string>()],
            Stdin = IsTrue(request, "stdin"),
            Stdout = IsTrue(request, "stdout"),
            Stderr = IsTrue(request, "stderr"),
            Tty = IsTrue(request, "tty"),
        };
        if (!stream.Stdin && !stream.Stdout && !stream.Stderr)
        {
            throw ApiErrors.BadRequest("you must specify at least 1 of stdin, stdout, stderr");
        }

        if (stream is { Verb: "exec", Command.Count: 0 })
        {
            var errors = new FieldErrors();
            errors.Required("command");
            throw ApiErrors.Invalid(request.Kind with { Kind = "PodExecOptions" }, request.Info.Name, errors.Causes);
        }

        if (pod.Text("status", "phase") is "Succeeded" or "Failed")
        {
            throw ApiErrors.BadRequest($"cannot {stream.Verb} into a container in a completed pod; current phase is {pod.Text("status", "phase")}");
        }

        return stream;
    }

    private static bool IsTrue(ApiRequest request, string name) => request.Http.Request.Query.IsTrue(name);
}
