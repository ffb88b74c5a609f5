using Google.Protobuf;
using MiniPlane.Agent.Pods;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Connection;

/// <summary>
/// What the pod has to say, kept until the control plane has it: the newest status, and a bounded number of Events. It outlives
/// connections.
/// </summary>
internal sealed class Outbox : IPodReporter
{
    private const int MostEvents = 512;

    // Guards the fields below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly LinkedList<EventReport> _events = new();
    private StatusReport? _newest;
    private AgentMessage? _last;
    private AgentMessage? _usage;
    private ulong _sequence;
    private ulong _acknowledged;
    private TaskCompletionSource _changed = NewSignal();

    public ulong LastSequence
    {
        get
        {
            lock (_gate)
            {
                return _sequence;
            }
        }
    }

    /// <summary>The newest status, for the file that stays behind.</summary>
    public ReadOnlyMemory<byte> NewestStatus
    {
        get
        {
            lock (_gate)
            {
                return _newest?.StatusJson.Memory ?? default;
            }
        }
    }

    public bool IsEverythingAcknowledged
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged >= _sequence && _events.Count == 0 && _last is null;
            }
        }
    }

    public void Report(ReadOnlyMemory<byte> statusJson)
    {
        lock (_gate)
        {
            _newest = new StatusReport { Sequence = ++_sequence, StatusJson = ByteString.CopyFrom(statusJson.Span) };
            Signal();
        }
    }

    public void Event(string type, string reason, string message, string fieldPath)
    {
        lock (_gate)
        {
            if (_events.Count == MostEvents)
            {
                _events.RemoveFirst();
            }

            _events.AddLast(new EventReport { Type = type, Reason = reason, Message = message, FieldPath = fieldPath });
            Signal();
        }
    }

    /// <summary>A measurement; one that has not left yet is replaced.</summary>
    public void Measure(UsageReport usage)
    {
        lock (_gate)
        {
            _usage = new AgentMessage { Usage = usage };
            Signal();
        }
    }

    /// <summary>A message that is sent after everything else, once.</summary>
    public void Say(AgentMessage last)
    {
        lock (_gate)
        {
            _last = last;
            Signal();
        }
    }

    public void Acknowledge(ulong sequence)
    {
        lock (_gate)
        {
            _acknowledged = Math.Max(_acknowledged, sequence);
            Signal();
        }
    }

    /// <summary>The next message for a connection that has sent statuses up to <paramref name="sent"/>; null when there is none.</summary>
    public AgentMessage? Next(ulong sent)
    {
        lock (_gate)
        {
            return _events.First is { } first ? new AgentMessage { Event = first.Value }
                : _newest is not null && _newest.Sequence > sent ? new AgentMessage { Status = _newest }
                : _usage is not null ? _usage
                : _acknowledged >= _sequence ? _last
                : null;
        }
    }

    /// <summary>A message has left with the connection. A status stays until a newer one replaces it.</summary>
    public void Remove(AgentMessage sent)
    {
        lock (_gate)
        {
            if (sent.Event is { } report)
            {
                _events.Remove(report);
            }
            else if (ReferenceEquals(sent, _usage))
            {
                _usage = null;
            }
            else if (ReferenceEquals(sent, _last))
            {
                _last = null;
            }

            Signal();
        }
    }

    /// <summary>Completes at the next change.</summary>
    public Task ChangedAsync()
    {
        lock (_gate)
        {
            return _changed.Task;
        }
    }

    private void Signal()
    {
        TaskCompletionSource changed = _changed;
        _changed = NewSignal();
        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
