using System.Globalization;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Views;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Agent.Probes;

/// <summary>
/// The probes of one run: the startup probe first, alone; then readiness, which makes the container ready or not, and liveness,
/// which ends it (core.v1.Probe).
/// </summary>
internal sealed class ProbeSet(
    PodServices services, ContainerView container, string fieldPath, IRunningContainer running, Action started, Action<string, long?> restart)
{
    /// <summary>Runs until cancelled, or until a probe ends the container.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (container.StartupProbe is { } startup)
        {
            bool succeeded = await UntilVerdictAsync("Startup", startup, cancellationToken);
            if (!succeeded)
            {
                restart($"Container {container.Name} failed startup probe, will be restarted", startup.TerminationGracePeriodSeconds);
                return;
            }

            services.Board.Update(container.Name, status => status with { Started = true, Ready = container.ReadinessProbe is null });
            started();
        }

        await Task.WhenAll(
            container.ReadinessProbe is { } readiness ? WatchReadinessAsync(readiness, cancellationToken) : Task.CompletedTask,
            container.LivenessProbe is { } liveness ? WatchLivenessAsync(liveness, cancellationToken) : Task.CompletedTask);
    }

    private async Task<bool> UntilVerdictAsync(string name, ProbeView probe, CancellationToken cancellationToken)
    {
        await foreach (bool verdict in VerdictsAsync(name, probe, cancellationToken))
        {
            return verdict;
        }

        return false;
    }

    private async Task WatchReadinessAsync(ProbeView probe, CancellationToken cancellationToken)
    {
        await foreach (bool verdict in VerdictsAsync("Readiness", probe, cancellationToken))
        {
            services.Board.Update(container.Name, status => status with { Ready = verdict });
        }
    }

    private async Task WatchLivenessAsync(ProbeView probe, CancellationToken cancellationToken)
    {
        await foreach (bool verdict in VerdictsAsync("Liveness", probe, cancellationToken))
        {
            if (!verdict)
            {
                restart($"Container {container.Name} failed liveness probe, will be restarted", probe.TerminationGracePeriodSeconds);
                return;
            }
        }
    }

    private async IAsyncEnumerable<bool> VerdictsAsync(
        string name, ProbeView probe, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan period = Durations.ForTimer(TimeSpan.FromSeconds(probe.PeriodSeconds > 0 ? probe.PeriodSeconds : 10));
        ProbeCounter counter = new(Math.Max(1, probe.SuccessThreshold), probe.FailureThreshold > 0 ? probe.FailureThreshold : 3);
        await Task.Delay(Durations.ForTimer(TimeSpan.FromSeconds(probe.InitialDelaySeconds)), services.Time, cancellationToken);
        while (true)
        {
            ProbeResult result = await TryAsync(probe, cancellationToken);
            if (!result.IsSuccess)
            {
                services.Reporter.Event("Warning", "Unhealthy", $"{name} probe failed: {result.Message}", fieldPath);
            }

            if (counter.Add(result.IsSuccess) is { } verdict)
            {
                yield return verdict;
            }

            await Task.Delay(period, services.Time, cancellationToken);
        }
    }

    private async ValueTask<ProbeResult> TryAsync(ProbeView probe, CancellationToken cancellationToken)
    {
        TimeSpan timeout = Durations.ForTimer(TimeSpan.FromSeconds(probe.TimeoutSeconds > 0 ? probe.TimeoutSeconds : 1));
        using CancellationTokenSource limit = new(timeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (probe.Exec is { } exec)
            {
                (int code, string output) = await ProbeActions.ExecAsync(running, exec.Command, either.Token);
                return code == 0 ? ProbeResult.Success : ProbeResult.Failure(output);
            }

            string podIp = services.Context.PodIp;
            return probe.HttpGet is { } get ? await ProbeActions.HttpAsync(get, container, podIp, either.Token)
                : probe.TcpSocket is { } tcp ? await ProbeActions.TcpAsync(tcp, container, podIp, either.Token)
                : probe.Grpc is { } grpc ? await GrpcHealth.CheckAsync(grpc, podIp, either.Token)
                : ProbeResult.Success;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return ProbeResult.Failure(probe.Exec is null
                ? "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
                : string.Create(CultureInfo.InvariantCulture, $"command timed out: \"{string.Join(' ', probe.Exec.Command)}\" timed out after {timeout.TotalSeconds:0}s"));
        }
    }
}
