using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Pods;

/// <summary>
/// The pod's containers from the first init container to the end of the last container: a pod has one round, and one more whenever a
/// rule restarts all of them (<see cref="PodRestart"/>). Ephemeral containers belong to no round.
/// </summary>
internal sealed class PodRound : IDisposable
{
    private readonly PodServices _services;
    private readonly PodRestart _restart;
    private readonly List<ContainerRunner> _init = [];
    private readonly List<ContainerRunner> _main = [];
    private readonly List<(ContainerRunner Runner, CancellationTokenSource Stop)> _sidecars = [];
    private readonly List<Task> _runningSidecars = [];

    public PodRound(PodServices services)
    {
        _services = services;
        _restart = new PodRestart(services.Time);
        foreach (ContainerView container in services.Context.Pod.Spec.InitContainers)
        {
            ContainerKind kind = KindOf(container);
            CancellationTokenSource? own = kind == ContainerKind.Sidecar ? new CancellationTokenSource() : null;
            ContainerRunner runner = new(services, container, kind, _restart, own?.Token ?? services.Stop.Requested);
            _init.Add(runner);
            if (own is not null)
            {
                _sidecars.Add((runner, own));
            }
        }

        _main.AddRange(services.Context.Pod.Spec.Containers
            .Select(container => new ContainerRunner(services, container, ContainerKind.Main, _restart, services.Stop.Requested)));
        Runners = [.. _init, .. _main];
    }

    public IReadOnlyList<ContainerRunner> Runners { get; }

    /// <summary>The container that asked for the next round, or null when this one is the last.</summary>
    public string? RestartedBy => _restart.Source;

    public static ContainerKind KindOf(ContainerView initContainer) =>
        initContainer.RestartPolicy == "Always" ? ContainerKind.Sidecar : ContainerKind.Init;

    /// <summary>Returns when the containers are over, or an init container has failed for good, or all are to begin anew.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await InitializeAsync(cancellationToken))
        {
            await RunMainAsync(cancellationToken);
        }
    }

    /// <summary>Last started, first stopped; each only when those after it have ended (KEP 753).</summary>
    public async Task StopSidecarsAsync()
    {
        for (int i = _sidecars.Count - 1; i >= 0; i--)
        {
            await _sidecars[i].Stop.CancelAsync();
            if (i < _runningSidecars.Count)
            {
                await _runningSidecars[i];
            }
        }
    }

    public void Dispose()
    {
        _restart.Dispose();
        foreach ((ContainerRunner _, CancellationTokenSource stop) in _sidecars)
        {
            stop.Dispose();
        }
    }

    /// <summary>False when an init container has failed for good, or the round is to end.</summary>
    private async Task<bool> InitializeAsync(CancellationToken cancellationToken)
    {
        foreach (ContainerRunner runner in _init)
        {
            Task<int?> running = runner.RunAsync(cancellationToken);
            if (_sidecars.Exists(sidecar => sidecar.Runner == runner))
            {
                _runningSidecars.Add(running);
                await Task.WhenAny(runner.Started, running);
            }
            else if (await running != 0)
            {
                return false;
            }
        }

        return !_services.Stop.Requested.IsCancellationRequested && !_restart.IsRequested;
    }

    private async Task RunMainAsync(CancellationToken cancellationToken)
    {
        List<Task> running = [];
        foreach (ContainerRunner runner in _main)
        {
            Task<int?> run = runner.RunAsync(cancellationToken);
            running.Add(run);
            await Task.WhenAny(runner.Attempted, run);
        }

        await Task.WhenAll(running);
    }
}
