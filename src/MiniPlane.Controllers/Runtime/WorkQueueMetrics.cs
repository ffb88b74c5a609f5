using System.Diagnostics.Metrics;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// What each controller's queue tells of itself, under the names that dashboards for kube-controller-manager know. All instruments are
/// of the meter <see cref="MeterName"/> and carry the controller as tag <c>name</c>; durations are in seconds.
/// </summary>
internal sealed class WorkQueueMetrics : IDisposable
{
    public const string MeterName = "MiniPlane.Controllers";

    private readonly Meter _meter = new(MeterName);
    private readonly KeyValuePair<string, object?> _name;
    private readonly Counter<long> _adds;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _waited;
    private readonly Histogram<double> _worked;

    /// <param name="controller">The controller's name.</param>
    /// <param name="depth">How many keys wait now.</param>
    /// <param name="longest">How long the oldest key in work has been there, in seconds; 0 when none is.</param>
    public WorkQueueMetrics(string controller, Func<int> depth, Func<double> longest)
    {
        _name = new KeyValuePair<string, object?>("name", controller);
        _adds = _meter.CreateCounter<long>("workqueue_adds_total", description: "Keys added to the queue.");
        _retries = _meter.CreateCounter<long>("workqueue_retries_total", description: "Keys that came back after a failure.");
        _waited = _meter.CreateHistogram<double>(
            "workqueue_queue_duration_seconds", "s", "How long a key waited before it was taken into work.");
        _worked = _meter.CreateHistogram<double>("workqueue_work_duration_seconds", "s", "How long a key was in work.");
        _meter.CreateObservableGauge(
            "workqueue_depth", () => new Measurement<int>(depth(), _name), description: "Keys that wait.");
        _meter.CreateObservableGauge(
            "workqueue_longest_running_processor_seconds",
            () => new Measurement<double>(longest(), _name),
            "s",
            "How long the key that is in work for the longest time has been there.");
    }

    public void Added() => _adds.Add(1, _name);

    public void Retried() => _retries.Add(1, _name);

    public void Waited(long since, TimeProvider time) => Record(_waited, since, time);

    public void Worked(long since, TimeProvider time) => Record(_worked, since, time);

    public void Dispose() => _meter.Dispose();

    private void Record(Histogram<double> histogram, long since, TimeProvider time)
    {
        if (histogram.Enabled)
        {
            histogram.Record(time.GetElapsedTime(since).TotalSeconds, _name);
        }
    }
}
