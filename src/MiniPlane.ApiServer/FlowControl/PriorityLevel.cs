using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.FlowControl;

/// <summary>
/// One priority level's seats. A request takes its seats or waits in the queue of its flow; seats that come free go to the flows in
/// turn, so that a client with a thousand requests waits behind its own, not others behind it.
/// </summary>
internal sealed class PriorityLevel
{
    // Guards everything below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<SeatWaiter>> _queues = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private SeatMarket? _market;
    private int _limit;
    private int _taken;
    private int _executing;
    private int _waiting;

    public required string Name { get; init; }

    public required string Uid { get; init; }

    /// <summary>Its own seats; an exempt level has no limit.</summary>
    public required int Seats { get; init; }

    public required bool IsExempt { get; init; }

    /// <summary>How many of its seats others may use while they are idle.</summary>
    public int Lendable { get; init; }

    /// <summary>How many seats it may have at most, borrowed ones included.</summary>
    public int MaxSeats { get; init; } = int.MaxValue;

    /// <summary>How many may wait per flow; 0 where the level refuses at once.</summary>
    public required int QueueLength { get; init; }

    public required int MaxWaiting { get; init; }

    /// <summary>Its seats now: its own, less those lent, more those borrowed.</summary>
    public int Limit => Volatile.Read(ref _limit);

    /// <summary>Seats in use.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Requests that run.</summary>
    public int Executing => Volatile.Read(ref _executing);

    public int Waiting => Volatile.Read(ref _waiting);

    public bool IsShort => Shortage > 0;

    public int Shortage => Seats - Limit;

    public static PriorityLevel From(ObjectDocument document, long totalShares, int totalSeats)
    {
        JsonObject? spec = document.ToJson().Object("spec");
        JsonObject? queuing = spec.Object("limited", "limitResponse", "queuing");
        bool isQueue = spec.Text("limited", "limitResponse", "type") == "Queue";
        long length = queuing.Integer("queueLengthLimit") ?? 50;
        int seats = (int)Math.Max(1, ((totalSeats * Shares(spec)) + totalShares - 1) / Math.Max(1, totalShares));
        return new PriorityLevel
        {
            Name = document.Metadata.Name,
            Uid = document.Metadata.Uid,
            IsExempt = spec.Text("type") == "Exempt",
            Seats = seats,
            Lendable = (int)(seats * Math.Clamp(spec.Integer("limited", "lendablePercent") ?? 0, 0, 100) / 100),
            MaxSeats = spec.Integer("limited", "borrowingLimitPercent") is { } percent
                ? (int)Math.Min(seats + (seats * Math.Max(0, percent) / 100), int.MaxValue)
                : int.MaxValue,
            QueueLength = isQueue ? (int)Math.Clamp(length, 1, 1000) : 0,
            MaxWaiting = (int)Math.Clamp((queuing.Integer("queues") ?? 64) * length, 1, 10_000),
        };
    }

    public static long Shares(JsonObject? spec) =>
        spec.Text("type") == "Exempt" ? 0 : spec.Integer("limited", "nominalConcurrencyShares") ?? 30;

    /// <summary>From now on it trades seats there, beginning with its own number.</summary>
    public void Join(SeatMarket market)
    {
        lock (_gate)
        {
            _market = market;
            _limit = Seats;
        }
    }

    /// <summary>
    /// True: the seats were taken at once. False: there is no room to wait either. Null: <paramref name="waiter"/> completes when they are given.
    /// </summary>
    public bool? Enter(string flow, int width, out SeatWaiter? waiter)
    {
        bool? answer = TryEnter(flow, width, out waiter);
        if (answer == true || _market is null || !_market.Raise(this, width))
        {
            return answer;
        }

        return answer is false ? TryEnter(flow, width, out waiter) : waiter is { Task.IsCompletedSuccessfully: true } ? true : null;
    }

    /// <summary>Gives seats to the next in turn, if anyone waits.</summary>
    public void Leave(int width)
    {
        lock (_gate)
        {
            _taken -= width;
            _executing--;
            Dispatch();
        }
    }

    /// <summary>Takes back a request to wait; false when the seats have just been given after all.</summary>
    public bool GiveUp(SeatWaiter waiter)
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

    /// <summary>How many of so many more seats it may have, and needs.</summary>
    public int Room(int seats)
    {
        lock (_gate)
        {
            return Math.Max(0, Math.Min(seats - Math.Max(0, _limit - _taken), MaxSeats - _limit));
        }
    }

    public void Raise(int seats)
    {
        lock (_gate)
        {
            _limit += seats;
            Dispatch();
        }
    }

    /// <summary>Hands out up to so many of its own idle seats, as far as it lends.</summary>
    public int Lend(int seats)
    {
        lock (_gate)
        {
            int given = Math.Clamp(Math.Min(_limit - _taken, _limit - (Seats - Lendable)), 0, seats);
            given = _waiting > 0 ? 0 : given;
            _limit -= given;
            return given;
        }
    }

    /// <summary>Gives back up to so many borrowed seats, also those in use: what runs there ends, and nothing follows it.</summary>
    public int GiveBack(int seats)
    {
        lock (_gate)
        {
            int given = Math.Clamp(_limit - Seats, 0, seats);
            _limit -= given;
            return given;
        }
    }

    private bool? TryEnter(string flow, int width, out SeatWaiter? waiter)
    {
        waiter = null;
        lock (_gate)
        {
            if (IsExempt || (_waiting == 0 && Fits(width)))
            {
                _taken += width;
                _executing++;
                return true;
            }

            if (QueueLength == 0 || _waiting >= MaxWaiting)
            {
                return false;
            }

            if (!_queues.TryGetValue(flow, out Queue<SeatWaiter>? queue))
            {
                queue = new Queue<SeatWaiter>();
                _queues[flow] = queue;
                _turns.Enqueue(flow);
            }

            if (queue.Count >= QueueLength)
            {
                return false;
            }

            waiter = new SeatWaiter(width);
            queue.Enqueue(waiter);
            _waiting++;
            return null;
        }
    }

    // One that wants more seats than there are runs alone.
    private bool Fits(int width) => _taken + width <= (_market is null ? Seats : _limit) || _executing == 0;

    private void Dispatch()
    {
        while (!IsExempt && _turns.TryPeek(out string? flow))
        {
            Queue<SeatWaiter> queue = _queues[flow];

            // Those that have given up meanwhile are passed over; they have been taken off the count.
            while (queue.TryPeek(out SeatWaiter? gone) && gone.Task.IsCanceled)
            {
                queue.Dequeue();
            }

            if (queue.TryPeek(out SeatWaiter? next))
            {
                if (!Fits(next.Width))
                {
                    return;
                }

                queue.Dequeue();
                if (next.TrySetResult())
                {
                    _taken += next.Width;
                    _executing++;
                    _waiting--;
                }
            }

            _turns.Dequeue();
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
