using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Hosting;

/// <summary>
/// Gives memory back to a login node that many people share. The collector keeps what a burst needed, because another may come; when
/// the server has come to rest after one, everything is collected once and the free memory returned. That stops all threads for as
/// long as it takes to walk what lives (about 0.1 s for 10 000 pods), so it happens only when nobody is being served.
/// </summary>
internal sealed class IdleMemory(ILogger<IdleMemory> logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    /// <summary>Less than this allocated in a <see cref="Period"/> is a server at rest: the polls and leases of thousands of pods go on.</summary>
    internal const long RestBytes = 48 << 20;

    /// <summary>So much in a period, and the collector has grown the heap for it.</summary>
    internal const long BurstBytes = 128 << 20;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(4);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var pace = new IdlePace(0);
        while (true)
        {
            await Task.Delay(Period, Time, cancellationToken);
            if (pace.IsTimeToCollect(GC.GetTotalAllocatedBytes()))
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }
        }
    }
}
