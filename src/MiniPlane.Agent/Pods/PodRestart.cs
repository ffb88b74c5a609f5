namespace MiniPlane.Agent.Pods;

/// <summary>
/// The order to end every container of the pod and to begin anew in place (KEP 5532). Nothing is waited for: no preStop hook runs and
/// terminationGracePeriodSeconds does not count; a program has the two seconds that kubelet gives when there is no grace period.
/// </summary>
internal sealed class PodRestart(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _requested = new();
    private readonly CancellationTokenSource _expired = new(Timeout.InfiniteTimeSpan, time);
    private string? _source;

    /// <summary>Cancelled when the containers are to end.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <summary>Cancelled when what still runs is killed.</summary>
    public CancellationToken Expired => _expired.Token;

    public bool IsRequested => _requested.IsCancellationRequested;

    /// <summary>The container whose exit asked first, or null.</summary>
    public string? Source => _source;

    /// <summary>False when another container had asked already.</summary>
    public bool TryRequest(string container)
    {
        if (Interlocked.CompareExchange(ref _source, container, null) is not null)
        {
            return false;
        }

        _expired.CancelAfter(Grace);
        _requested.Cancel();
        return true;
    }

    public void Dispose()
    {
        _requested.Dispose();
        _expired.Dispose();
    }
}
