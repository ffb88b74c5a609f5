using System.Collections.Immutable;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MiniPlane.Ingress.Following;
using MiniPlane.Ingress.Routing;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Ingress.Tcp;

/// <summary>Opens and closes the listeners of exposed Services as they come and go; one that stays keeps its port.</summary>
internal sealed partial class TcpExposer(
    IngressOptions options, ClusterView view, ILoggerFactory loggers, TimeProvider time)
    : BackgroundLoop(loggers.CreateLogger<TcpExposer>(), time)
{
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly ILogger<TcpExposer> _logger = loggers.CreateLogger<TcpExposer>();
    private readonly Dictionary<(ObjectKey Service, string Port), (int Asked, TcpForwarder Forwarder)> _open = [];
    private readonly Backends _finder = new(view);
    private ImmutableDictionary<(ObjectKey Service, string Port), Backend> _backends =
        ImmutableDictionary<(ObjectKey Service, string Port), Backend>.Empty;

    private volatile IReadOnlyDictionary<ObjectKey, IReadOnlyList<int>> _ports = new Dictionary<ObjectKey, IReadOnlyList<int>>();

    /// <summary>The ports of this host that lead to a Service.</summary>
    public IReadOnlyList<int> PortsOf(ObjectKey service) => _ports.GetValueOrDefault(service) ?? [];

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.ExposesServices)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken);
            return;
        }

        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                Task changed = view.NextChange;
                if (view.IsComplete)
                {
                    await FollowAsync(cancellationToken);
                }

                await changed.WaitAsync(cancellationToken);
                await Task.Delay(Breath, Time, cancellationToken);
            }
        }
        finally
        {
            foreach ((ObjectKey Service, string Port) key in _open.Keys.ToList())
            {
                await CloseAsync(key);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        Dictionary<(ObjectKey Service, string Port), int> wanted = [];
        foreach (ObjectDocument service in view.Services.All.Where(ExposedService.IsWanted))
        {
            foreach ((string port, int hostPort) in ExposedService.Ports(service))
            {
                wanted[(service.Key, port)] = hostPort;
            }
        }

        _backends = wanted.Keys
            .Select(key => (key, Backend: _finder.Find(key.Service.Namespace, key.Service.Name, key.Port, ingress: null)))
            .Where(entry => entry.Backend is not null)
            .ToImmutableDictionary(entry => entry.key, entry => entry.Backend ?? throw new InvalidOperationException());
        bool hasChanged = false;
        foreach ((ObjectKey Service, string Port) key in _open.Keys.Where(key => !wanted.TryGetValue(key, out int asked) || asked != _open[key].Asked).ToList())
        {
            await CloseAsync(key);
            hasChanged = true;
        }

        foreach (((ObjectKey Service, string Port) key, int asked) in wanted.Where(entry => !_open.ContainsKey(entry.Key)))
        {
            hasChanged |= await OpenAsync(key, asked, cancellationToken);
        }

        if (hasChanged)
        {
            _ports = _open.GroupBy(entry => entry.Key.Service).ToDictionary(
                group => group.Key, group => (IReadOnlyList<int>)[.. group.Select(entry => entry.Value.Forwarder.Port).Order()]);
            view.Changed();
        }
    }

    private async Task<bool> OpenAsync((ObjectKey Service, string Port) key, int asked, CancellationToken cancellationToken)
    {
        var listener = new TcpListener(options.Address, asked);
        try
        {
            listener.Start(512);
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            LogNotOpened(_logger, key.Service.ToString(), asked, exception.Message);
            return false;
        }

        var forwarder = new TcpForwarder(
            key.Service.ToString(),
            listener,
            () => _backends.GetValueOrDefault(key),
            loggers.CreateLogger<TcpForwarder>(),
            Time);
        _open[key] = (asked, forwarder);
        await forwarder.StartAsync(cancellationToken);
        LogOpened(_logger, key.Service.ToString(), key.Port, forwarder.Port);
        return true;
    }

    private async Task CloseAsync((ObjectKey Service, string Port) key)
    {
        if (_open.Remove(key, out (int Asked, TcpForwarder Forwarder) open))
        {
            await open.Forwarder.StopAsync(CancellationToken.None);
            open.Forwarder.Dispose();
        }
    }

    [LoggerMessage(10007, LogLevel.Information, "Service {Service}, port {Port}, is reached at port {HostPort} of this host")]
    private static partial void LogOpened(ILogger logger, string service, string port, int hostPort);

    [LoggerMessage(10008, LogLevel.Warning, "Service {Service} cannot have port {HostPort} of this host: {Message}")]
    private static partial void LogNotOpened(ILogger logger, string service, int hostPort, string message);
}
