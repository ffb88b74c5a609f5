using System.Buffers;
using System.Diagnostics;
using System.Globalization;

namespace MiniPlane.Benchmarks;

/// <summary>
/// Watches of a resource, each on a connection of its own and read to the end; counts deliveries and notes when each came. An event
/// is a line.
/// </summary>
internal sealed class OpenWatches : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<HttpClient> _clients = [];
    private readonly List<Task> _readers = [];
    private readonly long[][] _arrivals;
    private int _arrived;
    private long _bytes;

    private OpenWatches(int count, int expected) => _arrivals = [.. Enumerable.Range(0, count).Select(_ => new long[expected])];

    /// <summary>Events delivered so far, over all watches.</summary>
    public int Deliveries => Volatile.Read(ref _arrived);

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>For each watch, when its first <c>expected</c> events came (timestamps of <see cref="Stopwatch"/>).</summary>
    public IReadOnlyList<long[]> Arrivals => _arrivals;

    /// <summary>Opens the watches from now on and returns when the server has accepted all of them.</summary>
    public static async Task<OpenWatches> OpenAsync(
        ServerUnderTest server, int count, int expected, string path, CancellationToken cancellationToken)
    {
        var watches = new OpenWatches(count, expected);
        for (int i = 0; i < count; i++)
        {
            HttpClient client = server.NewClient();
            client.Timeout = Timeout.InfiniteTimeSpan;
            watches._clients.Add(client);
            HttpResponseMessage answer = await client.GetAsync(
                new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            watches._readers.Add(watches.ReadAsync(answer.EnsureSuccessStatusCode(), watches._arrivals[i]));
        }

        return watches;
    }

    public async Task WaitAsync(int deliveries, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (Deliveries < deliveries)
        {
            if (time.GetElapsedTime(start) > limit)
            {
                throw new TimeoutException(string.Create(
                    CultureInfo.InvariantCulture, $"{Deliveries} of {deliveries} events were delivered in {limit.TotalSeconds} s"));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_readers);
        _clients.ForEach(client => client.Dispose());
        _stop.Dispose();
    }

    private async Task ReadAsync(HttpResponseMessage answer, long[] arrivals)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        int known = 0;
        try
        {
            await using Stream body = await answer.Content.ReadAsStreamAsync(_stop.Token);
            while (await body.ReadAsync(buffer, _stop.Token) is > 0 and int length)
            {
                known = Note(buffer.AsSpan(0, length), arrivals, known);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The measurement is over.
        }
        catch (HttpRequestException) when (_stop.IsCancellationRequested)
        {
            // The same, seen by the connection.
        }
        finally
        {
            answer.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int Note(ReadOnlySpan<byte> piece, long[] arrivals, int known)
    {
        Interlocked.Add(ref _bytes, piece.Length);
        int events = piece.Count((byte)'\n');
        if (events > 0)
        {
            int noted = Math.Min(events, Math.Max(0, arrivals.Length - known));
            arrivals.AsSpan(Math.Min(known, arrivals.Length), noted).Fill(Stopwatch.GetTimestamp());
            Interlocked.Add(ref _arrived, events);
        }

        return known + events;
    }
}
