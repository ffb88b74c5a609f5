using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>Works on pods as they become due, several at once, each by one worker at a time.</summary>
internal sealed partial class WorkloadDispatcher(
    DelayedQueue queue, PodLedger ledger, PodReconciler reconciler, WorkloadsOptions options, ILogger<WorkloadDispatcher> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(options.Concurrency);
        while (true)
        {
            await slots.WaitAsync(cancellationToken);
            string uid = await queue.TakeAsync(cancellationToken);
            _ = WorkAsync(uid, slots, cancellationToken);
        }
    }

    private async Task WorkAsync(string uid, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        try
        {
            await WorkAsync(uid, cancellationToken);
        }
        finally
        {
            queue.Done(uid);
            try
            {
                slots.Release();
            }
            catch (ObjectDisposedException)
            {
                // The loop has ended.
            }
        }
    }

    /// <summary>One reconciliation. Whatever goes wrong stays with this pod.</summary>
    internal async Task WorkAsync(string uid, CancellationToken cancellationToken)
    {
        if (ledger.Find(uid) is not { } entry)
        {
            return;
        }

        try
        {
            if (await reconciler.ReconcileAsync(entry, cancellationToken) is { } again)
            {
                queue.Add(uid, again);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process ends.
        }
#pragma warning disable CA1031 // One bad pod must not stop the others: logged, and tried again.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFault(logger, exception, entry.Key.ToString());
            queue.Add(uid, AfterFault);
        }
    }

    [LoggerMessage(5030, LogLevel.Error, "Pod {Pod} could not be dealt with and is tried again")]
    private static partial void LogFault(ILogger logger, Exception exception, string pod);
}
