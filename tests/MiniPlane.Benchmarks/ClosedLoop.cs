using System.Diagnostics;

namespace MiniPlane.Benchmarks;

/// <summary>N clients, each doing one operation after the other until the time or the count is used up.</summary>
internal sealed class ClosedLoop(ServerUnderTest server, IReadOnlyList<HttpClient> clients)
{
    private int _next;
    private long _bytes;

    public async Task<Measurement> RunAsync(
        string name,
        int count,
        TimeSpan limit,
        Func<HttpClient, int, CancellationToken, Task<long>> operation,
        CancellationToken cancellationToken)
    {
        _next = 0;
        _bytes = 0;
        TimeSpan cpuBefore = server.Cpu;
        var watch = Stopwatch.StartNew();
        double[][] durations = await Task.WhenAll(
            clients.Select(client => LoopAsync(client, count, watch, limit, operation, cancellationToken)));
        TimeSpan elapsed = watch.Elapsed;
        double[] all = [.. durations.SelectMany(list => list)];
        Array.Sort(all);
        return new Measurement(name, all, elapsed, server.Cpu - cpuBefore, _bytes);
    }

    private async Task<double[]> LoopAsync(
        HttpClient client,
        int count,
        Stopwatch watch,
        TimeSpan limit,
        Func<HttpClient, int, CancellationToken, Task<long>> operation,
        CancellationToken cancellationToken)
    {
        var durations = new List<double>();
        while (watch.Elapsed < limit && Interlocked.Increment(ref _next) is int number && number <= count)
        {
            long before = watch.ElapsedTicks;
            long bytes = await operation(client, number, cancellationToken);
            durations.Add((watch.ElapsedTicks - before) * 1000.0 / Stopwatch.Frequency);
            Interlocked.Add(ref _bytes, bytes);
        }

        return [.. durations];
    }
}
