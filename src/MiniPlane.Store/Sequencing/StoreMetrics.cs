using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MiniPlane.Store.Sequencing;

/// <summary>What the store tells of itself at <c>/metrics</c>.</summary>
internal static class StoreMetrics
{
    private static readonly Meter Meter = new("MiniPlane.Store");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "miniplane_store_commit_duration_seconds", "s", "How long it took to make a batch of writes durable.");

    private static readonly KeyValuePair<string, object?> Committed = new("result", "committed");
    private static readonly KeyValuePair<string, object?> Refused = new("result", "refused");

    private static long _waiting;
    private static long _committed;
    private static long _refused;

    // Not counters of changes: who begins to listen later must see the same figures.
    static StoreMetrics()
    {
        Meter.CreateObservableUpDownCounter(
            "miniplane_store_waiting_writes", () => Math.Max(0, Interlocked.Read(ref _waiting)), description: "Writes that wait for the sequencer.");
        Meter.CreateObservableCounter(
            "miniplane_store_writes_total",
            () => (Measurement<long>[])[new(Interlocked.Read(ref _committed), Committed), new(Interlocked.Read(ref _refused), Refused)],
            description: "Writes that were committed or refused, by result.");
    }

    public static void Queued() => Interlocked.Increment(ref _waiting);

    public static void Taken() => Interlocked.Decrement(ref _waiting);

    public static void Ended(int writes, bool isCommitted, long started)
    {
        Interlocked.Add(ref isCommitted ? ref _committed : ref _refused, writes);
        Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
