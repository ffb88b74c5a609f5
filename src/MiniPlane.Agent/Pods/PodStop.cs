using MiniPlane.Objects.Loops;

namespace MiniPlane.Agent.Pods;

/// <summary>The order to end the pod. The first one counts; a later one with a shorter grace period shortens it.</summary>
internal sealed class PodStop(TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly CancellationTokenSource _expired = new(Timeout.InfiniteTimeSpan, time);

    /// <summary>Cancelled when the pod is to end.</summary>
    public CancellationToken Requested => _requested.Token;

    /// <summary>Cancelled when the grace period is over: what still runs is killed.</summary>
    public CancellationToken Expired => _expired.Token;

    public string Reason { get; private set; } = "";

    /// <summary>The job is taken away, and nobody wants the pod to end: Slurm may start it again.</summary>
    public bool IsInterruption { get; private set; }

    /// <summary>The job was told to end before the pod had: at its time limit, or by somebody. How containers take that does not make it a success.</summary>
    public bool IsCutShort { get; private set; }

    public void Request(TimeSpan grace, string reason, bool isInterruption = false, bool isCutShort = false)
    {
        if (!_requested.IsCancellationRequested)
        {
            (Reason, IsInterruption, IsCutShort) = (reason, isInterruption, isCutShort);
        }

        _expired.CancelAfter(Durations.ForTimer(grace));
        _requested.Cancel();
    }

    public void Dispose()
    {
        _requested.Dispose();
        _expired.Dispose();
    }
}
