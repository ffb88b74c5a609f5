using MiniPlane.Objects.Loops;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>
/// Keys to be worked on, each at its time and never twice at once: a key that is added while it is being worked on comes
/// again afterwards. Bounded by the number of distinct keys.
/// </summary>
internal sealed class DelayedQueue(TimeProvider time)
{
    // Guards the fields below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _due = new(StringComparer.Ordinal);
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> _order = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Asks for work on a key after a delay, or earlier if it is already due earlier.</summary>
    public void Add(string key, TimeSpan delay)
    {
        DateTimeOffset due = time.GetUtcNow() + delay;
        lock (_gate)
        {
            if (_due.TryGetValue(key, out DateTimeOffset known) && known <= due)
            {
                return;
            }

            _due[key] = due;
            if (!_busy.Contains(key))
            {
                _order.Enqueue(key, due);
                Signal();
            }
        }
    }

    public void Add(string key) => Add(key, TimeSpan.Zero);

    /// <summary>Waits for the next key that is due. It must be given back by <see cref="Done"/>.</summary>
    public async ValueTask<string> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            TimeSpan wait;
            lock (_gate)
            {
                changed = _changed.Task;
                if (TryTake(out string? key, out wait))
                {
                    return key;
                }
            }

            if (wait == Timeout.InfiniteTimeSpan)
            {
                await changed.WaitAsync(cancellationToken);
                continue;
            }

            using var early = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(changed, Task.Delay(Durations.ForTimer(wait), time, early.Token));
            await early.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Done(string key)
    {
        lock (_gate)
        {
            _busy.Remove(key);
            if (_due.TryGetValue(key, out DateTimeOffset due))
            {
                _order.Enqueue(key, due);
                Signal();
            }
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? key, out TimeSpan wait)
    {
        wait = Timeout.InfiniteTimeSpan;
        while (_order.TryPeek(out key, out DateTimeOffset due))
        {
            // An entry that no longer says when the key is due was replaced by a later or earlier one.
            if (_busy.Contains(key) || !_due.TryGetValue(key, out DateTimeOffset valid) || valid != due)
            {
                _order.Dequeue();
                continue;
            }

            wait = due - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                return false;
            }

            _order.Dequeue();
            _due.Remove(key);
            _busy.Add(key);
            return true;
        }

        return false;
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
