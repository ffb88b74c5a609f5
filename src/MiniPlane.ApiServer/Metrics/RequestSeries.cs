namespace MiniPlane.ApiServer.Metrics;

/// <summary>The durations of one sort of requests, in upstream's buckets. Counted without locks.</summary>
internal sealed class RequestSeries
{
    public static readonly double[] Bounds =
        [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

    private readonly long[] _counts = new long[Bounds.Length + 1];
    private long _ticks;

    public long[] Counts => [.. _counts.Select(static (_, index) => index).Select(index => Interlocked.Read(ref _counts[index]))];

    public double Sum => TimeSpan.FromTicks(Interlocked.Read(ref _ticks)).TotalSeconds;

    public void Add(TimeSpan duration)
    {
        int at = Array.BinarySearch(Bounds, duration.TotalSeconds);
        Interlocked.Increment(ref _counts[at < 0 ? ~at : at]);
        Interlocked.Add(ref _ticks, duration.Ticks);
    }
}
