using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MiniPlane.Ingress.Following;
using MiniPlane.Ingress.Proxying;
using MiniPlane.Ingress.Routing;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Ingress.Serving;

/// <summary>
/// The reverse proxy: keeps the routing table current, and listens from the first Ingress on. It has a Kestrel of its own, so that no
/// client of the proxy can come near the API server.
/// </summary>
internal sealed partial class IngressServer(
    IngressOptions options, ClusterView view, Upstreams upstreams, ILoggerFactory loggers, TimeProvider time)
    : BackgroundLoop(loggers.CreateLogger<IngressServer>(), time)
{
    /// <summary>Changes come in crowds; one table serves all of a moment.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly ILogger<IngressServer> _logger = loggers.CreateLogger<IngressServer>();
    private readonly TableMaker _maker = new(view);
    private RoutingTable _table = RoutingTable.Empty;
    private volatile IReadOnlyList<IPEndPoint> _listening = [];

    /// <summary>Where it listens, HTTP first; empty before the first Ingress.</summary>
    public IReadOnlyList<IPEndPoint> Listening => _listening;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.HttpPort is not { } port)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken);
            return;
        }

        await using WebApplication app = Build(port);
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                Task changed = view.NextChange;
                if (view.IsComplete)
                {
                    Volatile.Write(ref _table, _maker.Make());
                    if (_listening.Count == 0 && view.Ingresses.All.Any(ingress => IngressClasses.IsOurs(view, ingress)))
                    {
                        await ListenAsync(app, cancellationToken);
                    }
                }

                await changed.WaitAsync(cancellationToken);
                await Task.Delay(Breath, Time, cancellationToken);
            }
        }
        finally
        {
            _listening = [];
        }
    }

    private async Task ListenAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await app.StartAsync(cancellationToken);
        ICollection<string> addresses = app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        _listening =
        [
            .. addresses.Select(address => new Uri(address))
                .OrderBy(address => address.Scheme, StringComparer.Ordinal)
                .Select(address => new IPEndPoint(options.PublicAddress, address.Port)),
        ];
        LogListening(_logger, string.Join(", ", addresses));

        // Whoever writes the address into status must look again.
        view.Changed();
    }

    private WebApplication Build(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        X509Certificate2 fallback = DefaultCertificate.Make(Time.GetUtcNow());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxConcurrentConnections = 10_000;
            kestrel.Limits.MaxConcurrentUpgradedConnections = 10_000;
            kestrel.Listen(options.Address, port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(options.Address, options.HttpsPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(https => https.ServerCertificateSelector =
                    (_, name) => Volatile.Read(ref _table).Certificate(name) ?? fallback);
            });
        });
        WebApplication app = builder.Build();
        var proxy = new ProxyHandler(() => Volatile.Read(ref _table), upstreams, loggers.CreateLogger<ProxyHandler>());
        app.Run(proxy.HandleAsync);
        return app;
    }

    [LoggerMessage(10003, LogLevel.Information, "Ingress is served at {Addresses}")]
    private static partial void LogListening(ILogger logger, string addresses);
}
