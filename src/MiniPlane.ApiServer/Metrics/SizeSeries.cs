namespace MiniPlane.ApiServer.Metrics;

/// <summary>The sizes of one sort of answers, in upstream's buckets. Counted without locks.</summary>
internal sealed class SizeSeries
{
    public static readonly double[] Bounds = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

    private readonly long[] _counts = new long[Bounds.Length + 1];
    private long _bytes;

    public long[] Counts => [.. Enumerable.Range(0, _counts.Length).Select(index => Interlocked.Read(ref _counts[index]))];

    public double Sum => Interlocked.Read(ref _bytes);

    public void Add(long bytes)
    {
        int at = Array.BinarySearch(Bounds, bytes);
        Interlocked.Increment(ref _counts[at < 0 ? ~at : at]);
        Interlocked.Add(ref _bytes, bytes);
    }
}
