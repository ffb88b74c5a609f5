using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MiniPlane.ApiServer.Metrics;

namespace MiniPlane.ApiServer.FlowControl;

/// <summary>How many requests of each flow schema got their seats, and how many were refused and why, under upstream's names.</summary>
internal sealed class FlowCounters : IMetricsSource
{
    public const string QueueFull = "queue-full";
    public const string ConcurrencyLimit = "concurrency-limit";
    public const string TimeOut = "time-out";
    public const string Cancelled = "cancelled";

    private readonly ConcurrentDictionary<(string Schema, string Level), StrongBox<long>> _dispatched = [];
    private readonly ConcurrentDictionary<(string Schema, string Level, string Reason), StrongBox<long>> _rejected = [];

    public void Dispatched(FlowRule rule, PriorityLevel level)
    {
        // A rule has one level.
        StrongBox<long> count = rule.Dispatched ??= _dispatched.GetOrAdd((rule.Name, level.Name), static _ => new StrongBox<long>());
        Interlocked.Increment(ref count.Value);
    }

    public void Rejected(FlowRule rule, PriorityLevel level, string reason) =>
        Interlocked.Increment(ref _rejected.GetOrAdd((rule.Name, level.Name, reason), static _ => new StrongBox<long>()).Value);

    public void Write(MetricsText text)
    {
        text.Family("apiserver_flowcontrol_dispatched_requests_total", "counter", "Number of requests that got their seats, by flow schema and priority level.");
        foreach (((string schema, string level), StrongBox<long> count) in _dispatched)
        {
            text.Sample(
                "apiserver_flowcontrol_dispatched_requests_total",
                MetricsText.Labels(("flow_schema", schema), ("priority_level", level)),
                Interlocked.Read(ref count.Value));
        }

        text.Family("apiserver_flowcontrol_rejected_requests_total", "counter", "Number of requests refused for want of seats, by flow schema, priority level and reason.");
        foreach (((string schema, string level, string reason), StrongBox<long> count) in _rejected)
        {
            text.Sample(
                "apiserver_flowcontrol_rejected_requests_total",
                MetricsText.Labels(("flow_schema", schema), ("priority_level", level), ("reason", reason)),
                Interlocked.Read(ref count.Value));
        }
    }
}
