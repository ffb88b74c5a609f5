using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Images;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Pods;

/// <summary>Runs one container again and again, as its restart policy says, and keeps its status true.</summary>
internal sealed partial class ContainerRunner(
    PodServices services, ContainerView container, ContainerKind kind, PodRestart? restart, CancellationToken stop)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _fieldPath = kind switch
    {
        ContainerKind.Main => $"spec.containers{{{container.Name}}}",
        ContainerKind.Ephemeral => $"spec.ephemeralContainers{{{container.Name}}}",
        _ => $"spec.initContainers{{{container.Name}}}",
    };

    private int _failures;

    /// <summary>The container whose processes this one is to see, as it runs now; set for an ephemeral one with a target.</summary>
    public Func<IRunningContainer?>? Target { get; init; }

    /// <summary>Completes when the container has started for the first time (with a startup probe: when that succeeded).</summary>
    public Task Started => _started.Task;

    /// <summary>
    /// Completes when the first try to start the container is over, its postStart hook included, however it went: kubelet starts a
    /// pod's containers one after the other, and what waits for a proxy before it leans on that.
    /// </summary>
    public Task Attempted => container.Lifecycle?.PostStart is null ? Task.CompletedTask : _attempted.Task;

    public string Name => container.Name;

    /// <summary>The run of this moment, or null between runs.</summary>
    public ContainerRun? Current { get; private set; }

    /// <summary>The restart count of the newest run, or null when there was none.</summary>
    public int? LastRun { get; private set; }

    /// <summary>Returns when the container will not run again in this round: its exit code, or null when it never ran.</summary>
    public async Task<int?> RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, restart?.Requested ?? CancellationToken.None, cancellationToken);
        int? code = null;
        try
        {
            while (!ending.IsCancellationRequested)
            {
                PulledImage image = services.Runtime.UsesImages
                    ? await new ImageWaiter(services, container, _fieldPath, () => _attempted.TrySetResult()).GetAsync(ending.Token)
                    : PulledImage.None;
                int run = services.Board.Get(container.Name).RestartCount;
                (int exitCode, TimeSpan took)? ended = await RunOnceAsync(image, run, ending.Token, cancellationToken);
                _attempted.TrySetResult();
                if (ended is null)
                {
                    await Task.Delay(RetryDelay, services.Time, ending.Token);
                    continue;
                }

                code = ended.Value.exitCode;
                if (IsOver(ended.Value.exitCode))
                {
                    return code;
                }

                // A pod that is to end starts nothing anew, not even a sidecar whose own turn to stop has not come.
                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, services.Stop.Requested);
                await BackOffAfterAsync(ended.Value.took, waiting.Token);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested || services.Stop.Requested.IsCancellationRequested)
        {
            // The pod ends, or begins anew.
        }

        return code;
    }

    /// <summary>Shows for so long that the container's failures ask for time.</summary>
    public async Task BackOffAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delay <= TimeSpan.Zero)
        {
            return;
        }

        MetadataView metadata = services.Context.Pod.Metadata;
        string pod = $"{metadata.Name}_{metadata.Namespace}({metadata.Uid})";
        string text = $"back-off {FormatDelay(delay)} restarting failed container={container.Name} pod={pod}";
        services.Reporter.Event("Warning", "BackOff", $"Back-off restarting failed container {container.Name} in pod {pod}", _fieldPath);
        services.Board.Update(container.Name, status => status with
        {
            LastState = status.State as ContainerState.Terminated ?? status.LastState,
            State = new ContainerState.Waiting("CrashLoopBackOff", text),
        });
        await Task.Delay(delay, services.Time, cancellationToken);
    }

    private void TellPorts(IEnumerable<string> conflicts)
    {
        foreach (string conflict in conflicts)
        {
            services.Reporter.Event("Warning", "PortConflict", conflict, _fieldPath);
        }
    }

    private int? FindTarget()
    {
        if (Target is null)
        {
            return null;
        }

        IRunningContainer target = Target() ?? throw new ContainerStartException(
            "CreateContainerConfigError", $"unable to find target container \"{container.TargetContainerName}\"");
        return target.NamespaceHolder;
    }

    private bool IsOver(int exitCode) =>
        services.Stop.Requested.IsCancellationRequested || restart?.IsRequested == true || !RunsAgain(exitCode);

    private bool RunsAgain(int exitCode) => RestartRules.RunsAgain(kind, container, services.Context.Pod.Spec.RestartPolicy, exitCode);

    /// <summary>Null when the container could not be made, which is tried again whatever the policy says.</summary>
    private async Task<(int ExitCode, TimeSpan Took)?> RunOnceAsync(
        PulledImage image, int run, CancellationToken ending, CancellationToken cancellationToken)
    {
        DateTimeOffset startedAt = services.Time.GetUtcNow();
        string id = $"{services.Runtime.Name}://{MakeId(run, startedAt)}";
        long oomBefore = OutOfMemory.Count();
        IRunningContainer running;
        try
        {
            await services.Volumes.PrepareAsync(ending);
            TellPorts(PortConflicts.Before(container, services.Context.PodIp));
            ContainerSetup setup = ContainerSetups.Make(services, container, image, run, kind, FindTarget());
            running = await services.Runtime.StartAsync(setup, ending);
        }
        catch (ContainerStartException exception) when (exception.Reason == "StartError")
        {
            SetEnded(run, startedAt, new ProcessExit(128) { StartError = exception.Message }, id, exception.Message, isOom: false);
            return (128, TimeSpan.Zero);
        }
        catch (Exception exception) when (exception is ContainerStartException or Volumes.VolumeException or IOException or UnauthorizedAccessException)
        {
            string reason = (exception as ContainerStartException)?.Reason ?? "CreateContainerError";
            services.Board.Update(container.Name, status => status with
            {
                State = new ContainerState.Waiting(reason, exception.Message),
                ImageId = image.Id,
            });
            services.Reporter.Event("Warning", "Failed", $"Error: {exception.Message}", _fieldPath);
            return null;
        }

        await using (running)
        {
            if (running.Shortcoming is { } shortcoming)
            {
                services.Reporter.Event("Warning", "UserNotMapped", shortcoming, _fieldPath);
            }

            SetRunning(image, id, services.Time.GetUtcNow());
            LastRun = run;
            Current = new ContainerRun(
                services, container, _fieldPath, run, running, () => _started.TrySetResult(), () => _attempted.TrySetResult(), restart, stop);
            ProcessExit exit = await Current.WaitAsync(cancellationToken);
            if (exit.Code != 0)
            {
                TellPorts(PortConflicts.After(container, Current.Output.FirstErrors));
            }

            Current = null;
            bool isOom = exit.Code == 137 && OutOfMemory.Count() > oomBefore;
            string message = exit.StartError ?? await TerminationMessage.ReadAsync(
                ContainerSetups.MessageFile(services.Directories, container), container, services.Directories.Pod, run, exit.Code, services.Time, cancellationToken);
            SetEnded(run, startedAt, exit, id, message, isOom);
            LogEnded(services.Logger, container.Name, run, exit.Code);
            return (exit.StartError is null ? exit.Code : 128, services.Time.GetUtcNow() - startedAt);
        }
    }

    private void SetRunning(PulledImage image, string id, DateTimeOffset startedAt)
    {
        // core.v1.ContainerStatus.started: the hook has finished and the startup probe has succeeded.
        bool startsAtOnce = container.StartupProbe is null && container.Lifecycle?.PostStart is null;
        services.Board.Update(container.Name, status => status with
        {
            State = new ContainerState.Running(startedAt),
            ImageId = image.Id,
            ContainerId = id,
            Started = startsAtOnce,
            Ready = container.ReadinessProbe is null && startsAtOnce && kind is ContainerKind.Main or ContainerKind.Sidecar,
        });
        services.Reporter.Event("Normal", "Created", "Container created", _fieldPath);
        services.Reporter.Event("Normal", "Started", "Container started", _fieldPath);
        if (startsAtOnce)
        {
            _started.TrySetResult();
        }
    }

    private void SetEnded(int run, DateTimeOffset startedAt, ProcessExit exit, string id, string message, bool isOom)
    {
        bool neverRan = exit.StartError is not null;
        int code = neverRan ? 128 : exit.Code;
        if (neverRan)
        {
            services.Reporter.Event("Warning", "Failed", $"Error: {message}", _fieldPath);
        }

        // A pod that is to end starts nothing anew.
        bool restartsAll = restart is not null
            && !services.Stop.Requested.IsCancellationRequested
            && RestartRules.RestartsAll(container, code);
        LastRun = run;
        services.Board.Update(container.Name, restartsAll, status => status with
        {
            State = new ContainerState.Terminated
            {
                ExitCode = code,
                Reason = isOom ? "OOMKilled" : neverRan ? "StartError" : code == 0 ? "Completed" : "Error",
                Message = message,
                StartedAt = neverRan ? DateTimeOffset.UnixEpoch : startedAt,
                FinishedAt = services.Time.GetUtcNow(),
                ContainerId = id,
            },
            ContainerId = id,
            RestartCount = run,
            Ready = kind == ContainerKind.Init && code == 0,
            Started = false,
            RunsAgain = RunsAgain(code),
        });
        if (restartsAll && restart?.TryRequest(container.Name) == true)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"Container {container.Name} exited with code {code}: all containers of the pod begin anew");
            services.Reporter.Event("Normal", "RestartAllContainers", text, _fieldPath);
            LogRestartAll(services.Logger, container.Name, code);
        }
    }

    /// <summary>Waits as long as the container's failures ask for; the next run counts as a restart.</summary>
    private async Task BackOffAfterAsync(TimeSpan took, CancellationToken cancellationToken)
    {
        _failures = took > RestartRules.HealthyRun ? 1 : _failures + 1;
        await BackOffAsync(RestartRules.DelayBefore(_failures), cancellationToken);
        services.Board.Update(container.Name, status => status with
        {
            LastState = status.State as ContainerState.Terminated ?? status.LastState,
            RestartCount = status.RestartCount + 1,
        });
    }

    // Go's duration: 10s, 1m20s, 5m0s.
    private static string FormatDelay(TimeSpan delay) => delay < TimeSpan.FromMinutes(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{delay.TotalSeconds:0}s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)delay.TotalMinutes}m{delay.Seconds}s");

    private string MakeId(int run, DateTimeOffset time) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{services.Context.Pod.Metadata.Uid}/{container.Name}/{run}/{time.Ticks}"))));

    [LoggerMessage(7020, LogLevel.Information, "Container {Container}, run {Run}, ended with {ExitCode}")]
    private static partial void LogEnded(ILogger logger, string container, int run, int exitCode);

    [LoggerMessage(7021, LogLevel.Information, "Container {Container} ended with {ExitCode}, upon which all containers begin anew")]
    private static partial void LogRestartAll(ILogger logger, string container, int exitCode);
}
