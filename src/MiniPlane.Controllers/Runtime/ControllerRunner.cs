using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// Runs one controller: connects its watches to its queue, waits until the caches it reads are filled, then reconciles keys with
/// bounded parallelism. A key that fails comes back after its back-off and never stops the others.
/// </summary>
internal sealed partial class ControllerRunner : BackgroundLoop
{
    /// <summary>No reconcile may hold a worker for longer; it is cancelled and comes back with back-off.</summary>
    private static readonly TimeSpan LongestReconcile = TimeSpan.FromMinutes(2);

    /// <summary>What was in the way may go without anybody telling, so a lost race is not waited out for long.</summary>
    private static readonly TimeSpan LongestAfterRace = TimeSpan.FromSeconds(10);

    private readonly IController _controller;
    private readonly IReadOnlyList<Informer> _informers;
    private readonly WorkQueue _queue;
    private readonly ILogger<ControllerRunner> _logger;

    /// <summary>Connects the watches. A controller that watches every kind waits for all of <paramref name="everyKind"/>.</summary>
    public ControllerRunner(
        IController controller,
        Informers informers,
        IEnumerable<KindDefinition> everyKind,
        ILogger<ControllerRunner> logger,
        TimeProvider time)
        : base(logger, time)
    {
        _controller = controller;
        _logger = logger;
        _queue = new WorkQueue(controller.Name, time);
        IReadOnlyList<ControllerWatch> watches = controller.Watches;
        IEnumerable<KindDefinition> kinds = controller.WatchesEveryKind ? everyKind : watches.Select(watch => watch.Kind);
        _informers = [.. kinds.Select(informers.For).Distinct()];
        foreach (ControllerWatch watch in watches)
        {
            informers.For(watch.Kind).AddHandler(change => Enqueue(watch.Keys(change)));
        }

        if (controller.WatchesEveryKind)
        {
            informers.AddHandlerEverywhere(change => Enqueue(controller.KeysOf(change)));
        }
    }

    public IController Controller => _controller;

    /// <summary>Keys that wait or are in work now.</summary>
    public int Pending => _queue.Count;

    public override void Dispose()
    {
        base.Dispose();
        _queue.Dispose();
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (Informer informer in _informers)
        {
            await informer.Synced.WaitAsync(cancellationToken);
        }

        foreach (ObjectKey key in _controller.FirstKeys)
        {
            _queue.Add(key);
        }

        await Task.WhenAll(Enumerable.Range(0, _controller.Parallelism).Select(_ => WorkAsync(cancellationToken)));
    }

    private void Enqueue(IEnumerable<ObjectKey> keys)
    {
        foreach (ObjectKey key in keys)
        {
            _queue.Add(key);
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            ObjectKey key = await _queue.TakeAsync(cancellationToken);
            try
            {
                await ReconcileAsync(key, cancellationToken);
            }
            finally
            {
                _queue.Done(key);
            }
        }
    }

    private async Task ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestReconcile, Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            ReconcileResult result = await _controller.ReconcileAsync(key, linked.Token);
            _queue.Forget(key);
            if (result.Again is { } delay)
            {
                _queue.AddAfter(key, delay);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (ApiException exception) when (exception.Causes.Any(cause => cause.Reason == "NamespaceTerminating"))
        {
            // Nothing can be made in a namespace that is going; its deletion removes what this controller works for.
            _queue.Forget(key);
            LogRace(_logger, _controller.Name, key, exception.Message, 0);
        }
        catch (ApiException exception) when (exception.Code is 404 or 409)
        {
            // Somebody else was faster; the next look sees what they did.
            TimeSpan delay = _queue.AddRateLimited(key, LongestAfterRace);
            LogRace(_logger, _controller.Name, key, exception.Message, delay.TotalSeconds);
        }
#pragma warning disable CA1031 // One bad object must not stop the controller: it is logged and tried again with back-off.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            TimeSpan delay = _queue.AddRateLimited(key);
            LogFailure(_logger, exception, _controller.Name, key, delay.TotalSeconds);
        }
    }

    [LoggerMessage(4003, LogLevel.Debug, "{Controller} lost a race over {Key} ({Reason}); again in {Seconds} s")]
    private static partial void LogRace(ILogger logger, string controller, ObjectKey key, string reason, double seconds);

    [LoggerMessage(4004, LogLevel.Warning, "{Controller} failed to reconcile {Key}; again in {Seconds} s")]
    private static partial void LogFailure(
        ILogger logger, Exception exception, string controller, ObjectKey key, double seconds);
}
