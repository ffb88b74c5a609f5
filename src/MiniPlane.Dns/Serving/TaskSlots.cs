using Microsoft.Extensions.Logging;

namespace MiniPlane.Dns.Serving;

/// <summary>Runs so many pieces of work at a time beside a loop; more are turned away. A failure is logged and harms nobody else.</summary>
internal sealed partial class TaskSlots(int limit, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _free = new(limit);

    /// <summary>False if all slots are taken.</summary>
    public bool TryRun(Func<Task> work)
    {
        if (!_free.Wait(0, CancellationToken.None))
        {
            return false;
        }

        _ = RunAsync(work);
        return true;
    }

    /// <summary>Returns when all work is done. The work must have been told to end.</summary>
    public async Task DrainAsync()
    {
        for (int i = 0; i < limit; i++)
        {
            await _free.WaitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => _free.Dispose();

    private async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // The work was told to end, or its own limit ended it.
        }
#pragma warning disable CA1031 // One client's failure must not end the server, whatever it is.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(logger, exception);
        }
        finally
        {
            _free.Release();
        }
    }

    [LoggerMessage(6021, LogLevel.Warning, "A DNS request failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
