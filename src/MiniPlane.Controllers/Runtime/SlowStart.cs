namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// Does something many times in batches of 1, 2, 4, …: when the first one fails (a quota, a bad template), the rest is not tried and the
/// API server is spared (upstream's slowStartBatch).
/// </summary>
internal static class SlowStart
{
    /// <summary>Runs <paramref name="action"/> for 0 … <paramref name="count"/> - 1. Throws the first failure of the first batch that has one.</summary>
    public static async Task RunAsync(int count, Func<int, Task> action)
    {
        int done = 0;
        for (int batch = 1; done < count; batch *= 2)
        {
            int size = Math.Min(batch, count - done);
            int first = done;
            await Task.WhenAll(Enumerable.Range(first, size).Select(action));
            done += size;
        }
    }
}
