using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Loops;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// The queue between watches and one controller. A key waits at most once however often it is added, is never handed out twice
/// at once, and a key added while in work is handed out again after <see cref="Done"/> (client-go's dirty and processing
/// sets). Its size is bounded by the number of keys that exist.
/// </summary>
internal sealed class WorkQueue : IDisposable
{
    private const double Jitter = 0.2;

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(1000);

    // Guards everything below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Queue<ObjectKey> _ready = new();

    // With the time since when, for the metrics.
    private readonly Dictionary<ObjectKey, long> _dirty = [];
    private readonly Dictionary<ObjectKey, long> _processing = [];
    private readonly Dictionary<ObjectKey, int> _failures = [];
    private readonly PriorityQueue<ObjectKey, DateTimeOffset> _waiting = new();
    private readonly Dictionary<ObjectKey, DateTimeOffset> _due = [];
    private readonly SemaphoreSlim _available = new(0);
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly WorkQueueMetrics _metrics;

    public WorkQueue(string controller, TimeProvider time)
    {
        _time = time;
        _metrics = new WorkQueueMetrics(controller, () => Waiting, () => LongestRunning);
        _timer = time.CreateTimer(
            static state => ((WorkQueue?)state)?.ReleaseDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that wait or are in work, without those that are delayed.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count + _processing.Count;
            }
        }
    }

    private int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _ready.Count;
            }
        }
    }

    private double LongestRunning
    {
        get
        {
            lock (_gate)
            {
                return _processing.Count == 0 ? 0 : _time.GetElapsedTime(_processing.Values.Min()).TotalSeconds;
            }
        }
    }

    public void Add(ObjectKey key)
    {
        lock (_gate)
        {
            AddLocked(key);
        }
    }

    /// <summary>
    /// Adds the key after a while. Of several delays for a key the shortest counts. Users may name times that are years away; the key
    /// then comes back after a month, and is sent away again.
    /// </summary>
    public void AddAfter(ObjectKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        lock (_gate)
        {
            DateTimeOffset due = _time.GetUtcNow() + Durations.ForTimer(delay);
            if (_due.TryGetValue(key, out DateTimeOffset known) && known <= due)
            {
                return;
            }

            _due[key] = due;
            _waiting.Enqueue(key, due);
            SetTimer();
        }
    }

    /// <summary>
    /// Adds the key after its back-off: 5 ms, doubling with each failure up to 1000 s or <paramref name="longest"/>, of which up to a
    /// fifth is taken off, so that keys which failed together do not come back together.
    /// </summary>
    public TimeSpan AddRateLimited(ObjectKey key, TimeSpan? longest = null)
    {
        TimeSpan most = longest ?? LongestBackOff;
        TimeSpan delay;
        lock (_gate)
        {
            int failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
            delay = failures >= 18 ? most : FirstBackOff * Math.Pow(2, failures);
            delay = (delay < most ? delay : most) * (1 - (Jitter * Spread(key, failures)));
        }

        _metrics.Retried();
        AddAfter(key, delay);
        return delay;
    }

    /// <summary>From 0 to 1, another for each key and try; strings hash differently in each process.</summary>
    private static double Spread(ObjectKey key, int failures) => (uint)HashCode.Combine(key, failures) / (double)uint.MaxValue;

    /// <summary>Resets the key's back-off.</summary>
    public void Forget(ObjectKey key)
    {
        lock (_gate)
        {
            _failures.Remove(key);
        }
    }

    /// <summary>Waits for a key and marks it as in work; <see cref="Done"/> must follow.</summary>
    public async ValueTask<ObjectKey> TakeAsync(CancellationToken cancellationToken)
    {
        await _available.WaitAsync(cancellationToken);
        lock (_gate)
        {
            ObjectKey key = _ready.Dequeue();
            if (_dirty.Remove(key, out long since))
            {
                _metrics.Waited(since, _time);
            }

            _processing[key] = _time.GetTimestamp();
            return key;
        }
    }

    public void Done(ObjectKey key)
    {
        lock (_gate)
        {
            if (_processing.Remove(key, out long since))
            {
                _metrics.Worked(since, _time);
            }

            if (_dirty.ContainsKey(key))
            {
                _ready.Enqueue(key);
                _available.Release();
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _metrics.Dispose();
        _available.Dispose();
    }

    private void AddLocked(ObjectKey key)
    {
        if (!_dirty.TryAdd(key, _time.GetTimestamp()))
        {
            return;
        }

        _metrics.Added();
        if (!_processing.ContainsKey(key))
        {
            _ready.Enqueue(key);
            _available.Release();
        }
    }

    private void ReleaseDue()
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            while (_waiting.TryPeek(out ObjectKey key, out DateTimeOffset due) && due <= now)
            {
                _waiting.Dequeue();
                // A key that got a shorter delay later leaves its old entry behind in the heap.
                if (_due.TryGetValue(key, out DateTimeOffset current) && current == due)
                {
                    _due.Remove(key);
                    AddLocked(key);
                }
            }

            SetTimer();
        }
    }

    private void SetTimer()
    {
        if (_waiting.TryPeek(out _, out DateTimeOffset due))
        {
            TimeSpan delay = due - _time.GetUtcNow();
            // Never zero: a manual clock fires a zero timer inside this call, under the lock. Nor longer than timers can be, should
            // the clock have been set back; one that fires too early is set again.
            _timer.Change(Durations.ForTimer(delay > ShortestDelay ? delay : ShortestDelay), Timeout.InfiniteTimeSpan);
        }
    }
}
