using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// Starts and stops everything in this room. The order matters: runners first connect their watches (in the constructor), then
/// the recorder and the informers start, then the controllers, each of which waits for the caches it reads.
/// </summary>
internal sealed class ControllerHost : IHostedService, IDisposable
{
    private readonly EventRecorder _events;
    private readonly Informers _informers;
    private readonly CatalogueFollower _follower;
    private readonly IReadOnlyList<ControllerRunner> _runners;

    public ControllerHost(
        ClusterContext cluster, IEnumerable<IController> controllers, ILoggerFactory logs)
    {
        _events = cluster.Events;
        _informers = cluster.Informers;
        IController[] all = [.. controllers];
        ILogger<ControllerRunner> logger = logs.CreateLogger<ControllerRunner>();
        KindDefinition[] kinds = [.. CatalogueFollower.Watchable(cluster.Client.Catalogue)];
        _runners = [.. all.Select(controller => new ControllerRunner(controller, _informers, kinds, logger, cluster.Time))];
        _follower = new CatalogueFollower(
            cluster.Client.Catalogue,
            _informers,
            all.Any(controller => controller.WatchesEveryKind),
            logs.CreateLogger<CatalogueFollower>(),
            cluster.Time);
    }

    /// <summary>Keys that wait or are in work in all controllers; 0 means that nothing is left to do now.</summary>
    public int Pending => _runners.Sum(runner => runner.Pending);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _events.StartAsync(cancellationToken);
        await _informers.StartAsync(cancellationToken);
        await _follower.StartAsync(cancellationToken);
        foreach (ControllerRunner runner in _runners)
        {
            await runner.StartAsync(cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_runners.Select(runner => runner.StopAsync(cancellationToken)));
        await _follower.StopAsync(cancellationToken);
        await _informers.StopAsync(cancellationToken);
        await _events.StopAsync(cancellationToken);
    }

    public void Dispose()
    {
        foreach (ControllerRunner runner in _runners)
        {
            runner.Dispose();
        }

        _follower.Dispose();
    }
}
