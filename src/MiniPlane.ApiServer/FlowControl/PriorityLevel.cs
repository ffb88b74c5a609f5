using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.FlowControl;

/// <summary>
/// One priority level's seats. A request takes a seat or waits in the queue of its flow; a seat that comes free goes to the flows in
/// turn, so that a client with a thousand requests waits behind its own, not others behind it.
/// </summary>
internal sealed class PriorityLevel
{
    // Guards everything below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<TaskCompletionSource>> _queues = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private int _taken;
    private int _waiting;

    public required string Name { get; init; }

    public required string Uid { get; init; }

    /// <summary>Seats; 0 for an exempt level, where nobody waits.</summary>
    public required int Seats { get; init; }

    public required bool IsExempt { get; init; }

    /// <summary>How many may wait per flow; 0 where the level refuses at once.</summary>
    public required int QueueLength { get; init; }

    public required int MaxWaiting { get; init; }

    public int Taken => Volatile.Read(ref _taken);

    public int Waiting => Volatile.Read(ref _waiting);

    public static PriorityLevel From(ObjectDocument document, long totalShares, int totalSeats)
    {
        JsonObject? spec = document.ToJson().Object("spec");
        JsonObject? queuing = spec.Object("limited", "limitResponse", "queuing");
        bool isQueue = spec.Text("limited", "limitResponse", "type") == "Queue";
        long length = queuing.Integer("queueLengthLimit") ?? 50;
        return new PriorityLevel
        {
            Name = document.Metadata.Name,
            Uid = document.Metadata.Uid,
            IsExempt = spec.Text("type") == "Exempt",
            Seats = (int)Math.Max(1, ((totalSeats * Shares(spec)) + totalShares - 1) / Math.Max(1, totalShares)),
            QueueLength = isQueue ? (int)Math.Clamp(length, 1, 1000) : 0,
            MaxWaiting = (int)Math.Clamp((queuing.Integer("queues") ?? 64) * length, 1, 10_000),
        };
    }

    public static long Shares(JsonObject? spec) =>
        spec.Text("type") == "Exempt" ? 0 : spec.Integer("limited", "nominalConcurrencyShares") ?? 30;

    /// <summary>
    /// True: the seat was taken at once. False: there is no room to wait either. Null: <paramref name="waiter"/> completes when the seat is given.
    /// </summary>
    public bool? Enter(string flow, out TaskCompletionSource? waiter)
    {
        waiter = null;
        lock (_gate)
        {
            if (IsExempt || (_taken < Seats && _waiting == 0))
            {
                _taken++;
                return true;
            }

            if (QueueLength == 0 || _waiting >= MaxWaiting)
            {
                return false;
            }

            if (!_queues.TryGetValue(flow, out Queue<TaskCompletionSource>? queue))
            {
                queue = new Queue<TaskCompletionSource>();
                _queues[flow] = queue;
                _turns.Enqueue(flow);
            }

            if (queue.Count >= QueueLength)
            {
                return false;
            }

            waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            queue.Enqueue(waiter);
            _waiting++;
            return null;
        }
    }

    /// <summary>Gives the seat to the next in turn, if anyone waits.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _taken--;
            while (!IsExempt && _taken < Seats && _turns.TryDequeue(out string? flow))
            {
                Queue<TaskCompletionSource> queue = _queues[flow];
                bool isGiven = false;
                while (!isGiven && queue.TryDequeue(out TaskCompletionSource? next))
                {
                    // One that has given up meanwhile is passed over; it has been taken off the count.
                    isGiven = next.TrySetResult();
                }

                if (isGiven)
                {
                    _taken++;
                    _waiting--;
                }

                if (queue.Count > 0)
                {
                    _turns.Enqueue(flow);
                }
                else
                {
                    _queues.Remove(flow);
                }
            }
        }
    }

    /// <summary>Takes back a request to wait; false when the seat has just been given after all.</summary>
    public bool GiveUp(TaskCompletionSource waiter)
    {
        lock (_gate)
        {
            if (!waiter.TrySetCanceled())
            {
                return false;
            }

            _waiting--;
            return true;
        }
    }
}
