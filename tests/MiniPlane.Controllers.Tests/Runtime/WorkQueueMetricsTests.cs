using System.Diagnostics.Metrics;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Controllers.Tests.Runtime;

public sealed class WorkQueueMetricsTests
{
    [Fact]
    public async Task A_queue_tells_its_depth_adds_retries_and_durations_under_upstream_s_names()
    {
        var time = new ManualTime();
        const string Controller = "metrics-test";
        Dictionary<string, double> seen = new(StringComparer.Ordinal);
        using MeterListener listener = Listen(Controller, seen);
        using var queue = new WorkQueue(Controller, time);
        var key = new ObjectKey("default", "a");
        var other = new ObjectKey("default", "b");

        queue.Add(key);
        queue.Add(key);
        queue.Add(other);
        time.Advance(TimeSpan.FromSeconds(2));
        await queue.TakeAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(3));
        listener.RecordObservableInstruments();
        queue.Done(key);
        queue.AddRateLimited(key);

        Assert.Equal(2, seen["workqueue_adds_total"]);
        Assert.Equal(1, seen["workqueue_depth"]);
        Assert.Equal(3, seen["workqueue_longest_running_processor_seconds"]);
        Assert.Equal(2, seen["workqueue_queue_duration_seconds"]);
        Assert.Equal(3, seen["workqueue_work_duration_seconds"]);
        Assert.Equal(1, seen["workqueue_retries_total"]);
    }

    private static MeterListener Listen(string controller, Dictionary<string, double> seen)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == WorkQueueMetrics.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
        return listener;

        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            // Other tests' queues are measured at the same time.
            if (tags.Length == 1 && controller.Equals(tags[0].Value))
            {
                seen[instrument.Name] = seen.GetValueOrDefault(instrument.Name) + value;
            }
        }
    }
}
