using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Ingress.Tests.Serving;

public sealed class IngressServerTests : IAsyncLifetime
{
    private readonly IngressRig _rig = new();
    private readonly HttpClient _client = new();
    private WebApplication? _pod;
    private int _podPort;

    public async Task InitializeAsync()
    {
        (_pod, _podPort) = await StartPodAsync();
        await _rig.StartAsync();
        await Eventually.TrueAsync(() => _rig.Cluster.Find("IngressClass", "", "miniplane") is not null, "the class is made");
        await _rig.ServeAsync("web", _podPort);
        await _rig.CreateAsync("Ingress", """
            { "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": { "name": "web", "namespace": "default" },
              "spec": { "ingressClassName": "miniplane", "rules": [ { "host": "web.example", "http": { "paths": [
                { "path": "/app", "pathType": "Prefix", "backend": { "service": { "name": "web", "port": { "name": "main" } } } },
                { "path": "/none", "pathType": "Prefix", "backend": { "service": { "name": "absent", "port": { "number": 80 } } } } ] } } ] } }
            """);
        await Eventually.TrueAsync(() => _rig.Server.Listening.Count == 2, "it listens");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _rig.DisposeAsync();
        if (_pod is not null)
        {
            await _pod.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_request_reaches_the_pod_with_its_path_host_and_origin()
    {
        using HttpResponseMessage answer = await SendAsync("/app/x?y=1", "body");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("POST /app/x?y=1 web.example http 127.0.0.1 body", await answer.Content.ReadAsStringAsync(CancellationToken.None));
        Assert.Equal("yes", answer.Headers.GetValues("X-Pod").Single());
    }

    [Theory]
    [InlineData("/other", HttpStatusCode.NotFound)]
    [InlineData("/none", HttpStatusCode.ServiceUnavailable)]
    public async Task What_leads_nowhere_says_so(string path, HttpStatusCode code)
    {
        using HttpResponseMessage answer = await SendAsync(path, "");

        Assert.Equal(code, answer.StatusCode);
    }

    [Fact]
    public async Task A_dead_endpoint_is_passed_over()
    {
        await _rig.ServeAsync("two", _podPort, 1);
        await _rig.CreateAsync("Ingress", """
            { "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": { "name": "two", "namespace": "default" },
              "spec": { "ingressClassName": "miniplane", "defaultBackend": { "service": { "name": "two", "port": { "number": 80 } } } } }
            """);
        await Eventually.TrueAsync(async () => (await SendAsync("/", "", "any.example")).StatusCode == HttpStatusCode.OK, "the default backend is there");

        for (int i = 0; i < 4; i++)
        {
            using HttpResponseMessage answer = await SendAsync("/", "again", "any.example");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_pod_that_is_no_longer_ready_gets_nothing()
    {
        _rig.Cluster.Edit("EndpointSlice", "default", $"web-{_podPort}", slice => slice["endpoints"]![0]!["conditions"]!["ready"] = false);

        await Eventually.TrueAsync(
            async () =>
            {
                using HttpResponseMessage answer = await SendAsync("/app", "");
                return answer.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "it is left out");
    }

    [Fact]
    public async Task A_WebSocket_goes_both_ways()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Host", "web.example");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{_rig.Server.Listening[0].Port}/app/socket"), CancellationToken.None);

        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        byte[] buffer = new byte[64];
        WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, CancellationToken.None);

        Assert.Equal("echo hello", Encoding.UTF8.GetString(buffer, 0, result.Count));
    }

    [Fact]
    public async Task The_address_is_in_the_status()
    {
        await Eventually.TrueAsync(
            () => _rig.Cluster.Find("Ingress", "default", "web")!.ToJson().Objects("status", "loadBalancer", "ingress").Any(), "it is written");

        Assert.Equal("127.0.0.1", _rig.Cluster.Find("Ingress", "default", "web")!.ToJson().Objects("status", "loadBalancer", "ingress").Single().Text("ip"));
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string body, string host = "web.example")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{_rig.Server.Listening[0].Port}{path}") { Content = new StringContent(body) };
        request.Headers.Host = host;
        return await _client.SendAsync(request, CancellationToken.None);
    }

    private static async Task<(WebApplication Pod, int Port)> StartPodAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication pod = builder.Build();
        pod.UseWebSockets();
        pod.Run(async context =>
        {
            if (context.WebSockets.IsWebSocketRequest)
            {
                await EchoAsync(await context.WebSockets.AcceptWebSocketAsync());
                return;
            }

            using var reader = new StreamReader(context.Request.Body);
            string body = await reader.ReadToEndAsync(context.RequestAborted);
            HttpRequest request = context.Request;
            context.Response.Headers["X-Pod"] = "yes";
            await context.Response.WriteAsync(
                $"{request.Method} {request.Path}{request.QueryString} {request.Host} {request.Headers["X-Forwarded-Proto"]} {request.Headers["X-Forwarded-For"]} {body}",
                context.RequestAborted);
        });
        await pod.StartAsync(CancellationToken.None);
        return (pod, new Uri(pod.Urls.First()).Port);
    }

    private static async Task EchoAsync(WebSocket socket)
    {
        byte[] buffer = new byte[64];
        WebSocketReceiveResult message = await socket.ReceiveAsync(buffer, CancellationToken.None);
        byte[] answer = Encoding.UTF8.GetBytes("echo " + Encoding.UTF8.GetString(buffer, 0, message.Count));
        await socket.SendAsync(answer, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
    }
}
