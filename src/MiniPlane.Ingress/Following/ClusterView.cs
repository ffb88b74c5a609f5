using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;

namespace MiniPlane.Ingress.Following;

/// <summary>The kinds that routes are made from, kept current, and a signal at each change.</summary>
internal sealed class ClusterView : IHostedService, IDisposable
{
    private readonly KindFollower[] _all;
    private TaskCompletionSource _changed = NewSignal();

    public ClusterView(IClusterClient cluster, ILogger<KindFollower> logger, TimeProvider time)
    {
        Ingresses = new KindFollower("networking.k8s.io/v1", "Ingress", this, cluster, logger, time);
        Classes = new KindFollower("networking.k8s.io/v1", "IngressClass", this, cluster, logger, time);
        Services = new KindFollower("v1", "Service", this, cluster, logger, time);
        Slices = new KindFollower("discovery.k8s.io/v1", "EndpointSlice", this, cluster, logger, time);
        Secrets = new KindFollower("v1", "Secret", this, cluster, logger, time);
        _all = [Ingresses, Classes, Services, Slices, Secrets];
    }

    public KindFollower Ingresses { get; }

    public KindFollower Classes { get; }

    public KindFollower Services { get; }

    public KindFollower Slices { get; }

    public KindFollower Secrets { get; }

    /// <summary>False until every kind was listed once: half a picture would close what is open.</summary>
    public bool IsComplete => _all.All(follower => follower.IsListed);

    /// <summary>Completes at the next change.</summary>
    public Task NextChange => Volatile.Read(ref _changed).Task;

    public void Changed() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (KindFollower follower in _all)
        {
            await follower.StartAsync(cancellationToken);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_all.Select(follower => follower.StopAsync(cancellationToken)));

    public void Dispose()
    {
        foreach (KindFollower follower in _all)
        {
            follower.Dispose();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
