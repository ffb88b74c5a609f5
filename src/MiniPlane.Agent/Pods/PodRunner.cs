using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Views;
using MiniPlane.Agent.Volumes;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Agent.Pods;

/// <summary>
/// Runs the pod from its volumes to its end: init containers in order, sidecars beside them, then the containers at once; when
/// those are over, the sidecars are stopped.
/// </summary>
internal sealed partial class PodRunner
{
    private static readonly TimeSpan FirstMountDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestMountDelay = TimeSpan.FromMinutes(2);

    private readonly PodServices _services;
    private readonly List<ContainerRunner> _init = [];
    private readonly List<ContainerRunner> _main = [];
    private readonly List<(ContainerRunner Runner, CancellationTokenSource Stop)> _sidecars = [];

    // Guards the two fields below, which grow while the pod runs.
    private readonly Lock _gate = new();
    private readonly List<(ContainerRunner Runner, Task<int?> Running)> _ephemeral = [];
    private bool _isOver;

    public PodRunner(PodServices services)
    {
        _services = services;
        foreach (ContainerView container in services.Context.Pod.Spec.InitContainers)
        {
            ContainerKind kind = KindOf(container);
            CancellationTokenSource? own = kind == ContainerKind.Sidecar ? new CancellationTokenSource() : null;
            ContainerRunner runner = new(services, container, kind, own?.Token ?? services.Stop.Requested);
            _init.Add(runner);
            if (own is not null)
            {
                _sidecars.Add((runner, own));
            }
        }

        _main.AddRange(services.Context.Pod.Spec.Containers
            .Select(container => new ContainerRunner(services, container, ContainerKind.Main, services.Stop.Requested)));
    }

    /// <summary>The states before anything has run; <paramref name="firstRun"/> says how often a container ran in an earlier job.</summary>
    public static IReadOnlyList<ContainerStatus> InitialStatus(PodView pod, Func<string, int> firstRun, DateTimeOffset now)
    {
        PodSpecView spec = pod.Spec;
        string reason = spec.InitContainers.Count > 0 ? "PodInitializing" : "ContainerCreating";
        return
        [
            .. spec.InitContainers.Select(container => Make(container, KindOf(container), reason, firstRun(container.Name)) with { LastState = LastOf(container.Name) }),
            .. spec.Containers.Select(container => Make(container, ContainerKind.Main, reason, firstRun(container.Name)) with { LastState = LastOf(container.Name) }),
        ];

        // How it ended in an earlier job of the same pod, as the control plane remembers.
        ContainerState.Terminated? LastOf(string name) => firstRun(name) == 0
            ? null
            : pod.Status.InitContainerStatuses.Concat(pod.Status.ContainerStatuses)
                .Where(status => status.Name == name)
                .Select(status => status.State.ToEnd(now) ?? status.LastState.ToEnd(now))
                .FirstOrDefault();
    }

    public ContainerRunner? Find(string name) => All().FirstOrDefault(runner => runner.Name == name);

    /// <summary>Starts the ephemeral containers that are new. Those of a pod that is over stay waiting.</summary>
    public void Add(IEnumerable<ContainerView> ephemeral, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (ContainerView container in ephemeral.Where(container => !_services.Board.Has(container.Name)))
            {
                _services.Board.Add(Make(container, ContainerKind.Ephemeral, "ContainerCreating", 0));
                if (!_isOver)
                {
                    string target = container.TargetContainerName;
                    ContainerRunner runner = new(_services, container, ContainerKind.Ephemeral, _services.Stop.Requested)
                    {
                        Target = target.Length > 0 ? () => Find(target)?.Current?.Running : null,
                    };
                    _ephemeral.Add((runner, StartAsync(runner, cancellationToken)));
                }
            }
        }
    }

    /// <summary>The containers that run at this moment, and for which time.</summary>
    public IEnumerable<(string Name, int Run, IRunningContainer Container)> Running() => All()
        .Select(runner => (runner.Name, runner.Current))
        .Where(entry => entry.Current is not null)
        .Select(entry => (entry.Name, entry.Current?.Number ?? 0, entry.Current?.Running))
        .OfType<(string, int, IRunningContainer)>();

    /// <summary>Returns when nothing of the pod runs any more and its last status is on the board.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<Task> sidecars = [];
        foreach ((string reason, string message, string fieldPath) in UnsupportedSettings.Of(_services.Context.Pod.Spec))
        {
            _services.Reporter.Event("Warning", reason, message, fieldPath);
        }

        using EmptyDirLimits limits = new(_services, EmptyDirLimits.Period);
        await limits.StartAsync(cancellationToken);
        try
        {
            await MountAsync(cancellationToken);
            if (await InitializeAsync(sidecars, cancellationToken))
            {
                await RunMainAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (_services.Stop.Requested.IsCancellationRequested)
        {
            // Stopped before it had begun.
        }
        finally
        {
            var grace = Durations.Seconds(_services.Context.Pod.Spec.TerminationGracePeriodSeconds ?? 30);
            if (!_services.Stop.Requested.IsCancellationRequested)
            {
                _services.Stop.Request(grace, "the pod is over");
            }

            await limits.StopAsync(CancellationToken.None);
            await StopSidecarsAsync(sidecars);
            await EndEphemeralAsync();
            MarkTheRest();
            if (_services.Stop is { IsCutShort: true, IsInterruption: false })
            {
                // As kubelet says it of pods that a shutdown of the node ends: failed, whatever their containers returned.
                _services.Board.Fail("", $"The pod was ended before its time: {_services.Stop.Reason}");
            }

            _services.Board.End(_services.Stop.IsInterruption);
        }
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

    private static async Task<int?> StartAsync(ContainerRunner runner, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await runner.RunAsync(cancellationToken);
    }

    private static ContainerStatus Make(ContainerView container, ContainerKind kind, string reason, int run) => new()
    {
        Name = container.Name,
        Kind = kind,
        Image = container.Image,
        RestartCount = run,
        State = new ContainerState.Waiting(reason),
    };

    private IEnumerable<ContainerRunner> All()
    {
        lock (_gate)
        {
            return [.. _init, .. _main, .. _ephemeral.Select(entry => entry.Runner)];
        }
    }

    /// <summary>Last started, first stopped; each only when those after it have ended (KEP 753).</summary>
    private async Task StopSidecarsAsync(List<Task> running)
    {
        for (int i = _sidecars.Count - 1; i >= 0; i--)
        {
            await _sidecars[i].Stop.CancelAsync();
            if (i < running.Count)
            {
                await running[i];
            }

            _sidecars[i].Stop.Dispose();
        }
    }

    private async Task EndEphemeralAsync()
    {
        Task[] running;
        lock (_gate)
        {
            _isOver = true;
            running = [.. _ephemeral.Select(entry => entry.Running)];
        }

        await Task.WhenAll(running);
    }

    private static ContainerKind KindOf(ContainerView initContainer) =>
        initContainer.RestartPolicy == "Always" ? ContainerKind.Sidecar : ContainerKind.Init;

    /// <summary>Makes the volumes, for as long as something is missing. Kubelet waits in the same way.</summary>
    private async Task MountAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_services.Stop.Requested, cancellationToken);
        TimeSpan delay = FirstMountDelay;
        while (true)
        {
            long seen = _services.Context.Objects.Version;
            try
            {
                await _services.Volumes.PrepareAsync(ending.Token);
                return;
            }
            catch (VolumeException exception)
            {
                LogMount(_services.Logger, exception.Message);
                _services.Reporter.Event("Warning", "FailedMount", exception.Message, "");
            }

            long waiting = _services.Time.GetTimestamp();
            while (_services.Context.Objects.Version == seen && _services.Time.GetElapsedTime(waiting) < delay)
            {
                await Task.Delay(FirstMountDelay, _services.Time, ending.Token);
            }

            delay = delay * 2 < LongestMountDelay ? delay * 2 : LongestMountDelay;
        }
    }

    /// <summary>False when an init container has failed for good, or the pod is to end.</summary>
    private async Task<bool> InitializeAsync(List<Task> sidecars, CancellationToken cancellationToken)
    {
        foreach (ContainerRunner runner in _init)
        {
            Task<int?> running = runner.RunAsync(cancellationToken);
            if (_sidecars.Exists(sidecar => sidecar.Runner == runner))
            {
                sidecars.Add(running);
                await Task.WhenAny(runner.Started, running);
            }
            else if (await running != 0)
            {
                return false;
            }
        }

        return !_services.Stop.Requested.IsCancellationRequested;
    }

    /// <summary>
    /// A pod that is over has no waiting containers: kubelet writes down those it never saw end with exit code 137
    /// (ContainerStatusUnknown), and one between two runs as it last ended.
    /// </summary>
    private void MarkTheRest()
    {
        DateTimeOffset now = _services.Time.GetUtcNow();
        foreach (ContainerRunner runner in _main)
        {
            _services.Board.Update(runner.Name, status => status.State is ContainerState.Waiting && status.LastState is { } last
                ? status with { State = last, Ready = false }
                : status.State is ContainerState.Running
                    ? status with
                    {
                        State = new ContainerState.Terminated
                        {
                            ExitCode = 137,
                            Reason = "ContainerStatusUnknown",
                            Message = "The container could not be located when the pod was terminated",
                            StartedAt = now,
                            FinishedAt = now,
                        },
                        Ready = false,
                    }
                    : status);
        }
    }

    [LoggerMessage(7010, LogLevel.Warning, "A volume cannot be made yet: {Message}")]
    private static partial void LogMount(ILogger logger, string message);
}
