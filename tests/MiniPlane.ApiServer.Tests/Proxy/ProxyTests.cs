using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Tests.Hosting;

namespace MiniPlane.ApiServer.Tests.Proxy;

public sealed class ProxyTests : IAsyncLifetime
{
    private TestApiServer _server = null!;
    private WebhookServer _web = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApiServer.StartAsync();
        _web = await WebhookServer.StartAsync();
        await _server.PostAsync("/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await _server.PostAsync(
            "/api/v1/namespaces/default/pods", """{"metadata":{"name":"web"},"spec":{"containers":[{"name":"c","image":"i"}]}}""");
        await _server.PatchAsync("/api/v1/namespaces/default/pods/web/status", """{"status":{"podIP":"127.0.0.1"}}""");
        await _server.PostAsync(
            "/api/v1/namespaces/default/services", """{"metadata":{"name":"web"},"spec":{"ports":[{"name":"tls","port":443}]}}""");
        await _server.PostAsync(
            "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            $$"""
            {"metadata":{"name":"web-1","labels":{"kubernetes.io/service-name":"web"} },"addressType":"IPv4",
             "ports":[{"name":"tls","port":{{_web.Port}} }],"endpoints":[{"addresses":["127.0.0.1"]}]}
            """);
    }

    public async Task DisposeAsync()
    {
        await _web.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_request_reaches_the_service_with_its_path_query_and_body_but_without_credentials()
    {
        _web.Handler = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            string body = await reader.ReadToEndAsync(context.RequestAborted);
            bool hasToken = context.Request.Headers.Authorization.Count > 0;
            context.Response.StatusCode = 202;
            await context.Response.WriteAsync(
                $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {body} {hasToken}", context.RequestAborted);
        };

        Answer answer = await _server.PostAsync("/api/v1/namespaces/default/services/https:web:tls/proxy/a/b?c=d", "hello", "text/plain");

        Assert.Equal((202, "POST /a/b?c=d hello False"), (answer.Code, answer.Text));
    }

    [Fact]
    public async Task A_pod_is_reached_by_its_address_and_port()
    {
        _web.Handler = context => context.Response.WriteAsync("from the pod", context.RequestAborted);

        Answer answer = await _server.GetAsync($"/api/v1/namespaces/default/pods/https:web:{_web.Port}/proxy/");

        Assert.Equal("from the pod", answer.Text);
    }

    [Fact]
    public async Task A_service_without_endpoints_and_a_port_where_nobody_listens_are_unavailable()
    {
        await _server.PostAsync("/api/v1/namespaces/default/services", """{"metadata":{"name":"none"},"spec":{"ports":[{"port":80}]}}""");

        Answer none = await _server.GetAsync("/api/v1/namespaces/default/services/none/proxy/");
        Answer closed = await _server.GetAsync("/api/v1/namespaces/default/pods/web:1/proxy/");

        Assert.Equal((503, "no endpoints available for service \"none\""), (none.Code, none.Message));
        Assert.Equal((503, "error trying to reach service: dial tcp: connect: connection refused"), (closed.Code, closed.Message));
    }

    [Fact]
    public async Task A_WebSocket_goes_through()
    {
        _web.Handler = async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            byte[] block = new byte[64];
            WebSocketReceiveResult got = await socket.ReceiveAsync(block, context.RequestAborted);
            byte[] answer = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(block, 0, got.Count).ToUpperInvariant());
            await socket.SendAsync(answer, WebSocketMessageType.Text, true, context.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        };
        using var client = new ClientWebSocket();
#pragma warning disable CA5359 // The server's certificate is checked by other tests.
        client.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        client.Options.SetRequestHeader("Authorization", $"Bearer {TestApiServer.AdminToken}");
        var url = new Uri($"wss://127.0.0.1:{_server.Address.Port}/api/v1/namespaces/default/services/https:web:443/proxy/ws");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);

        await client.ConnectAsync(url, limit.Token);
        await client.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, limit.Token);
        byte[] block = new byte[64];
        ValueWebSocketReceiveResult got = await client.ReceiveAsync(block.AsMemory(), limit.Token);

        Assert.Equal("HELLO", Encoding.UTF8.GetString(block, 0, got.Count));
    }
}
