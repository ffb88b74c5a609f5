using MiniPlane.Agent.Probes;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Views;
using MiniPlane.Objects.Loops;
using MiniPlane.Wire.Logs;

namespace MiniPlane.Agent.Pods;

/// <summary>One run of a container, from its start to its end: log, hooks, probes, stop.</summary>
internal sealed class ContainerRun(
    PodServices services,
    ContainerView container,
    string fieldPath,
    int run,
    IRunningContainer running,
    Action started,
    Action attempted,
    PodRestart? restart,
    CancellationToken stop)
{
    private const int BlockBytes = 32 * 1024;
    private static readonly TimeSpan StreamsLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource<(string Why, long? Grace)> _mustRestart = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The restart count that this run has.</summary>
    public int Number => run;

    /// <summary>The container, for those who exec into it.</summary>
    public IRunningContainer Running => running;

    /// <summary>Where those attached listen.</summary>
    public OutputFan Output { get; } = new();

    /// <summary>The first client's end of input is the program's (stdinOnce).</summary>
    public bool HasOneInput => container.StdinOnce;

    /// <summary>Waits for the end of the program, ends it when the pod is to end, and answers how it ended.</summary>
    public async Task<ProcessExit> WaitAsync(CancellationToken cancellationToken)
    {
        await using LogWriter log = new(services.Directories.Pod, container.Name, run, LogLimits.Default, services.Time);
        var streams = Task.WhenAll(
            PumpAsync(running.Main.Output, LogStream.Stdout, log, cancellationToken),
            running.Main.Errors is { } errors ? PumpAsync(errors, LogStream.Stderr, log, cancellationToken) : Task.CompletedTask);
        using var probing = CancellationTokenSource.CreateLinkedTokenSource(stop, restart?.Requested ?? CancellationToken.None);
        Task watching = WatchAsync(probing.Token);
        Task stopping = Task.Delay(Timeout.InfiniteTimeSpan, services.Time, probing.Token)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await Task.WhenAny(running.Main.Exit, stopping, _mustRestart.Task);
        if (!running.Main.Exit.IsCompleted)
        {
            (string why, long? grace) = _mustRestart.Task.IsCompleted ? await _mustRestart.Task : ($"Stopping container {container.Name}", null);
            services.Reporter.Event("Normal", "Killing", why, fieldPath);
            await StopAsync(_mustRestart.Task.IsCompleted, grace, cancellationToken);
        }

        ProcessExit exit = await running.Main.Exit;
        await probing.CancelAsync();
        running.Kill();
        await streams.WaitAsync(StreamsLimit, services.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Output.Complete();
        return Output.StartError is { } error && exit.Code is 126 or 127 ? exit with { StartError = error } : exit;
    }

    private async Task PumpAsync(Stream stream, LogStream name, LogWriter log, CancellationToken cancellationToken)
    {
        byte[] block = new byte[BlockBytes];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(block, cancellationToken)) > 0)
            {
                Output.Write(name, block.AsSpan(0, read));
                await log.WriteAsync(name, block.AsMemory(0, read), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The program is gone.
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (container.Lifecycle?.PostStart is { } hook
                && await Hooks.RunAsync(services, container, running, hook, cancellationToken) is { } failure)
            {
                services.Reporter.Event("Warning", "FailedPostStartHook", $"PostStartHook failed: {failure}", fieldPath);
                _mustRestart.TrySetResult(("FailedPostStartHook", null));
                attempted();
                return;
            }

            attempted();
            if (container is { Lifecycle.PostStart: not null, StartupProbe: null })
            {
                services.Board.Update(container.Name, status => status with { Started = true, Ready = container.ReadinessProbe is null });
                started();
            }

            ProbeSet probes = new(services, container, fieldPath, running, started, (why, grace) => _mustRestart.TrySetResult((why, grace)));
            await probes.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    /// <summary>preStop, the stop signal, and after the grace period the kill.</summary>
    private async Task StopAsync(bool isRestart, long? ownGrace, CancellationToken cancellationToken)
    {
        bool isAtOnce = restart?.IsRequested == true;
        using CancellationTokenSource grace = new(
            isRestart ? Durations.ForTimer(Durations.Seconds(ownGrace ?? services.Context.Pod.Spec.TerminationGracePeriodSeconds ?? 30)) : Timeout.InfiniteTimeSpan,
            services.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(grace.Token, services.Stop.Expired, restart?.Expired ?? CancellationToken.None, cancellationToken);
        try
        {
            if (!isAtOnce
                && container.Lifecycle?.PreStop is { } hook
                && await Hooks.RunAsync(services, container, running, hook, limit.Token) is { } failure)
            {
                services.Reporter.Event("Warning", "FailedPreStopHook", $"PreStopHook failed: {failure}", fieldPath);
            }

            running.Main.Signal(container.Lifecycle?.StopSignal is { Length: > 0 } own ? Signals.Parse(own) : running.StopSignal);
            await running.Main.Exit.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            running.Main.Signal(Signals.Kill);
            running.Kill();
            await running.Main.Exit.WaitAsync(KillLimit, services.Time, CancellationToken.None);
        }
    }
}
