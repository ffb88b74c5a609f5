using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Views;
using MiniPlane.Agent.Volumes;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Agent.Pods;

/// <summary>
/// Runs the pod from its volumes to its end: init containers in order, sidecars beside them, then the containers at once, and all of
/// that anew where a rule says so; when the containers are over, the sidecars are stopped.
/// </summary>
internal sealed partial class PodRunner : IDisposable
{
    private static readonly TimeSpan FirstMountDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestMountDelay = TimeSpan.FromMinutes(2);

    private readonly PodServices _services;
    // Guards the two fields below, which grow while the pod runs.
    private readonly Lock _gate = new();
    private readonly List<(ContainerRunner Runner, Task<int?> Running)> _ephemeral = [];
    private bool _isOver;

    private volatile PodRound _round;

    public PodRunner(PodServices services)
    {
        _services = services;
        _round = new PodRound(services);
    }

    /// <summary>The states before anything has run; <paramref name="firstRun"/> says how often a container ran in an earlier job.</summary>
    public static IReadOnlyList<ContainerStatus> InitialStatus(PodView pod, Func<string, int> firstRun, DateTimeOffset now)
    {
        PodSpecView spec = pod.Spec;
        string reason = FirstReason(spec);
        return
        [
            .. spec.InitContainers.Select(container => Make(container, PodRound.KindOf(container), reason, firstRun(container.Name)) with { LastState = LastOf(container.Name) }),
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

    /// <summary>What a container waits for that has not had its turn.</summary>
    public static string FirstReason(PodSpecView spec) => spec.InitContainers.Count > 0 ? "PodInitializing" : "ContainerCreating";

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
                    ContainerRunner runner = new(_services, container, ContainerKind.Ephemeral, restart: null, _services.Stop.Requested)
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
        foreach ((string reason, string message, string fieldPath) in UnsupportedSettings.Of(_services.Context.Pod.Spec))
        {
            _services.Reporter.Event("Warning", reason, message, fieldPath);
        }

        using EmptyDirLimits limits = new(_services, EmptyDirLimits.Period);
        await limits.StartAsync(cancellationToken);
        try
        {
            await MountAsync(cancellationToken);
            await RunRoundsAsync(cancellationToken);
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
            await _round.StopSidecarsAsync();
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

    public void Dispose() => _round.Dispose();

    /// <summary>One round, and another one whenever a container's rule restarts all of them; a pod that fails so again and again backs off.</summary>
    private async Task RunRoundsAsync(CancellationToken cancellationToken)
    {
        int restarts = 0;
        while (true)
        {
            long begun = _services.Time.GetTimestamp();
            await _round.RunAsync(cancellationToken);
            if (_round.RestartedBy is not { } source || _services.Stop.Requested.IsCancellationRequested)
            {
                return;
            }

            await _round.StopSidecarsAsync();
            PodRound ended = _round;
            _services.Board.Clear(name => ended.Runners.FirstOrDefault(runner => runner.Name == name)?.LastRun, _services.Time.GetUtcNow());
            _round = new PodRound(_services);
            ended.Dispose();
            _services.Board.BeginAnew();
            restarts = _services.Time.GetElapsedTime(begun) > RestartRules.HealthyRun ? 1 : restarts + 1;
            if (Find(source) is { } first)
            {
                await first.BackOffAsync(RestartRules.DelayBefore(restarts), _services.Stop.Requested);
            }
        }
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
            return [.. _round.Runners, .. _ephemeral.Select(entry => entry.Runner)];
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

    /// <summary>
    /// A pod that is over has no waiting containers: kubelet writes down those it never saw end with exit code 137
    /// (ContainerStatusUnknown), and one between two runs as it last ended.
    /// </summary>
    private void MarkTheRest()
    {
        DateTimeOffset now = _services.Time.GetUtcNow();
        foreach (ContainerView container in _services.Context.Pod.Spec.Containers)
        {
            _services.Board.Update(container.Name, status => status.State is ContainerState.Waiting && status.LastState is { } last
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
