using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Probes;
using MiniPlane.Agent.Views;
using MiniPlane.Wire.Grpc;
using MiniPlane.Wire.Health;

namespace MiniPlane.Agent.Tests.Probes;

/// <summary>Probes of real servers on loopback.</summary>
public sealed class ProbeActionsTests : IAsyncLifetime
{
    private WebApplication _app = null!;
    private int _http;
    private int _grpc;

    private ContainerView Container => new() { Ports = [new PortView { Name = "web", ContainerPort = _http }] };

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.MapGet("/ok", new RequestDelegate(context => context.Response.WriteAsync("fine", context.RequestAborted)));
        _app.MapGet("/moved", new RequestDelegate(context =>
        {
            context.Response.Redirect("http://elsewhere.example/");
            return Task.CompletedTask;
        }));
        _app.MapGet("/wants", new RequestDelegate(context =>
        {
            bool isRight = context.Request.Headers["X-Probe"] == "yes" && context.Request.Host.Host == "named";
            context.Response.StatusCode = isRight ? StatusCodes.Status204NoContent : StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }));
        _app.MapPost("/grpc.health.v1.Health/Check", new RequestDelegate(context => GrpcServer.UnaryAsync(
            context, HealthCheckRequest.Parser, GrpcLimits.Default, CheckAsync, context.RequestAborted)));
        await _app.StartAsync(CancellationToken.None);
        int[] ports =
        [
            .. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address).Port),
        ];
        (_http, _grpc) = (ports[0], ports[1]);
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("/ok", true, "")]
    [InlineData("ok", true, "")]
    [InlineData("/moved", true, "")]
    [InlineData("/none", false, "HTTP probe failed with statuscode: 404")]
    public async Task Http_asks_for_the_path_and_takes_every_answer_below_400(string path, bool succeeds, string message)
    {
        ProbeResult result = await ProbeActions.HttpAsync(new HttpGetView { Path = path, Port = "web" }, Container, "127.0.0.1", CancellationToken.None);

        Assert.Equal((succeeds, message), (result.IsSuccess, result.Message));
    }

    [Fact]
    public async Task Http_sends_the_headers_of_the_probe_the_host_among_them()
    {
        HttpHeaderView[] headers = [new HttpHeaderView { Name = "X-Probe", Value = "yes" }, new HttpHeaderView { Name = "Host", Value = "named" }];

        ProbeResult result = await ProbeActions.HttpAsync(
            new HttpGetView { Path = "/wants", Port = _http, HttpHeaders = headers }, Container, "127.0.0.1", CancellationToken.None);

        Assert.True(result.IsSuccess, result.Message);
    }

    [Fact]
    public async Task Tcp_wants_somebody_who_listens()
    {
        int port = _http;
        ProbeResult open = await ProbeActions.TcpAsync(new TcpSocketView { Port = port }, Container, "127.0.0.1", CancellationToken.None);
        await _app.StopAsync(CancellationToken.None);
        ProbeResult closed = await ProbeActions.TcpAsync(new TcpSocketView { Port = port }, Container, "127.0.0.1", CancellationToken.None);
        ProbeResult unknown = await ProbeActions.TcpAsync(new TcpSocketView { Port = "nameless" }, Container, "127.0.0.1", CancellationToken.None);

        Assert.True(open.IsSuccess, open.Message);
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"dial tcp 127.0.0.1:{port}: "), closed.Message, StringComparison.Ordinal);
        Assert.False(unknown.IsSuccess);
    }

    [Theory]
    [InlineData("", true, "")]
    [InlineData("sick", false, "service unhealthy (responded with \"NotServing\")")]
    public async Task Grpc_asks_for_the_health_of_the_service(string service, bool succeeds, string message)
    {
        ProbeResult result = await GrpcHealth.CheckAsync(new GrpcActionView { Port = _grpc, Service = service }, "127.0.0.1", CancellationToken.None);

        Assert.Equal((succeeds, message), (result.IsSuccess, result.Message));
    }

    [Fact]
    public async Task Grpc_fails_where_nobody_speaks_it()
    {
        ProbeResult result = await GrpcHealth.CheckAsync(new GrpcActionView { Port = _http }, "127.0.0.1", CancellationToken.None);

        Assert.StartsWith("timeout: failed to connect service", result.Message, StringComparison.Ordinal);
    }

    private static ValueTask<HealthCheckResponse> CheckAsync(HealthCheckRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(
        new HealthCheckResponse
        {
            Status = request.Service == "sick" ? HealthCheckResponse.Types.ServingStatus.NotServing : HealthCheckResponse.Types.ServingStatus.Serving,
        });
}
