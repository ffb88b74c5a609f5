using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MiniPlane.Objects.Loops;

/// <summary>
/// A long-lived loop: a fault is logged and the loop starts again after a back-off (1 s doubling to 30 s, reset after a healthy
/// minute); only cancellation ends it. Every background activity derives from this.
/// </summary>
public abstract partial class BackgroundLoop(ILogger logger, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HealthyRun = TimeSpan.FromMinutes(1);

    protected TimeProvider Time => time;

    /// <summary>The first delay after a fault.</summary>
    protected virtual TimeSpan FirstDelay => TimeSpan.FromSeconds(1);

    /// <summary>Runs until cancelled; returning early counts as a fault-free end and starts again at once.</summary>
    protected abstract Task RunAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        TimeSpan delay = FirstDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            long started = time.GetTimestamp();
            try
            {
                await RunAsync(stoppingToken);
                delay = FirstDelay;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The loop is the last line of defence: whatever went wrong is logged and tried again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                delay = time.GetElapsedTime(started) > HealthyRun ? FirstDelay : delay;
                LogFault(logger, exception, GetType().Name, delay.TotalSeconds);
                await Task.Delay(delay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
            }
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "{Loop} failed and starts again in {Seconds} s")]
    private static partial void LogFault(ILogger logger, Exception exception, string loop, double seconds);
}
