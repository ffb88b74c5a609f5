using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Connection;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Agent.Pods;

/// <summary>Reports what the containers use, soon after the start and then as often as kubelet does.</summary>
internal sealed class UsageLoop(PodRunner pod, Outbox outbox, ILogger logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan FirstPeriod = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var meter = new UsageMeter(Time);
        TimeSpan period = FirstPeriod;
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(period, Time, cancellationToken);
            if (meter.Measure(pod.Running()) is { } report)
            {
                outbox.Measure(report);
                period = Period;
            }
        }
    }
}
