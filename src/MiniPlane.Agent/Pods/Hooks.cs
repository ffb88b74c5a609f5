using System.Globalization;
using MiniPlane.Agent.Probes;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Views;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Agent.Pods;

/// <summary>Runs postStart and preStop handlers.</summary>
internal static class Hooks
{
    /// <summary>Null when the hook went well, else why not.</summary>
    public static async ValueTask<string?> RunAsync(
        PodServices services,
        ContainerView container,
        IRunningContainer running,
        HandlerView hook,
        CancellationToken cancellationToken)
    {
        if (hook.Sleep is { } sleep)
        {
            await Task.Delay(Durations.ForTimer(Durations.Seconds(sleep.Seconds)), services.Time, cancellationToken);
            return null;
        }

        if (hook.Exec is { } exec)
        {
            (int code, string output) = await ProbeActions.ExecAsync(running, exec.Command, cancellationToken);
            return code == 0
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"rpc error: command '{string.Join(' ', exec.Command)}' exited with {code}: {output}");
        }

        if (hook.HttpGet is { } get)
        {
            ProbeResult result = await ProbeActions.HttpAsync(get, container, services.Context.PodIp, cancellationToken);
            return result.IsSuccess ? null : result.Message;
        }

        return null;
    }
}
