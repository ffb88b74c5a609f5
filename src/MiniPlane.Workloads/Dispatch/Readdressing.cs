using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>Once after each start: pods of an earlier start, maybe on another host or port, are told where the control plane is now.</summary>
internal sealed class Readdressing(PodFiles files, ILogger<Readdressing> logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (string uid in files.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            files.Readdress(uid);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken);
    }
}
