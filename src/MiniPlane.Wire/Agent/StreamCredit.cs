namespace MiniPlane.Wire.Agent;

/// <summary>
/// What one side of a stream may still send. Sending is allowed while there is any credit and may go over it by one message; the
/// reader gives back what it has taken.
/// </summary>
public sealed class StreamCredit
{
    /// <summary>The window that both sides give: enough for a fast network, little for a server with many slow readers.</summary>
    public const uint DefaultWindow = 1024 * 1024;

    private const int LeastCost = 4096;

    // Guards the two fields below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly bool _isUnlimited;
    private long _left;
    private TaskCompletionSource? _more;

    /// <param name="window">What the reader takes before it has given anything back; 0 for a reader that does not count.</param>
    public StreamCredit(uint window) => (_left, _isUnlimited) = (window, window == 0);

    /// <summary>How many messages can be on their way to a reader: what its queue must hold.</summary>
    public static int MostMessages(uint window) => (int)(window / LeastCost) + 1;

    /// <summary>What a message counts. Small ones count as larger than they are, since a queue holds messages and not bytes.</summary>
    public static int CostOf(int bytes) => Math.Max(bytes, LeastCost);

    /// <summary>Waits until a message of so many bytes may be sent.</summary>
    public async ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        while (!_isUnlimited && TryTake(bytes) is { } more)
        {
            await more.Task.WaitAsync(cancellationToken);
        }
    }

    public void Give(long amount)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _left += amount;
            if (_left <= 0)
            {
                return;
            }

            (waiting, _more) = (_more, null);
        }

        waiting?.TrySetResult();
    }

    /// <summary>Null when the credit was taken, else what to wait for.</summary>
    private TaskCompletionSource? TryTake(int bytes)
    {
        lock (_gate)
        {
            if (_left > 0)
            {
                _left -= CostOf(bytes);
                return null;
            }

            _more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _more;
        }
    }
}
