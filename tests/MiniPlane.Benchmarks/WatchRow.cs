using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;

namespace MiniPlane.Benchmarks;

/// <summary>
/// Watch fan-out: watchers of one collection, each on a connection of its own, while the clients make objects as fast as they
/// can. An operation is one delivery; its latency counts from the moment the write was sent.
/// </summary>
internal sealed class WatchRow(ServerUnderTest server, LoadSettings settings, Report report)
{
    private const int Events = 1000;
    private const string Path = "/api/v1/namespaces/default/configmaps";

    private readonly long[] _sentAt = new long[Events];

    public async Task RunAsync(List<HttpClient> writers, CancellationToken cancellationToken)
    {
        if (!settings.Wants("watch"))
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        List<HttpClient> clients = [.. Enumerable.Range(0, settings.Watchers).Select(_ => server.NewClient())];
        string revision = await RevisionAsync(writers[0], limit.Token);
        HttpResponseMessage[] answers = await Task.WhenAll(clients.Select(client => OpenAsync(client, revision, limit.Token)));

        TimeSpan cpuBefore = server.Cpu;
        var clock = Stopwatch.StartNew();
        Task<double[]>[] reading = [.. answers.Select(answer => ReadAsync(answer, clock, limit.Token))];
        var loop = new ClosedLoop(server, writers);
        Measurement writes = await loop.RunAsync(
            "writes during the fan-out",
            Events,
            TimeSpan.FromMinutes(1),
            (client, number, token) =>
            {
                Volatile.Write(ref _sentAt[number - 1], clock.ElapsedTicks);
                return Api.CreateAsync(client, "configmaps", Bodies.ConfigMap(2_000_000_000 + number - 1), token);
            },
            limit.Token);
        double[] all = [.. (await Task.WhenAll(reading)).SelectMany(list => list)];
        TimeSpan elapsed = clock.Elapsed;
        Array.Sort(all);
        report.Row(writes);
        report.Row(new Measurement($"watch: {settings.Watchers} watchers, {Events} events, deliveries", all, elapsed, server.Cpu - cpuBefore, 0));
        foreach (HttpResponseMessage answer in answers)
        {
            answer.Dispose();
        }

        clients.ForEach(client => client.Dispose());
    }

    private static async Task<string> RevisionAsync(HttpClient client, CancellationToken cancellationToken)
    {
        const string Mark = "\"resourceVersion\":\"";
        string list = await client.GetStringAsync(new Uri($"{Path}?limit=1", UriKind.Relative), cancellationToken);
        int start = list.IndexOf(Mark, StringComparison.Ordinal) + Mark.Length;
        return list[start..list.IndexOf('"', start)];
    }

    private static async Task<HttpResponseMessage> OpenAsync(HttpClient client, string revision, CancellationToken cancellationToken)
    {
        var uri = new Uri($"{Path}?watch=1&resourceVersion={revision}", UriKind.Relative);
        HttpResponseMessage answer = await client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return answer.EnsureSuccessStatusCode();
    }

    private async Task<double[]> ReadAsync(HttpResponseMessage answer, Stopwatch clock, CancellationToken cancellationToken)
    {
        var latencies = new List<double>(Events);
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[256 * 1024];
        int filled = 0;
        while (latencies.Count < Events)
        {
            int read = await body.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (read == 0)
            {
                throw new InvalidOperationException($"a watch ended after {latencies.Count.ToString(CultureInfo.InvariantCulture)} events");
            }

            filled += read;
            filled = Take(buffer, filled, clock.ElapsedTicks, latencies);
        }

        return [.. latencies];
    }

    // Takes the whole lines off the buffer and returns what is left of it.
    private int Take(byte[] buffer, int filled, long now, List<double> latencies)
    {
        int start = 0;
        for (int end; (end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
        {
            ReadOnlySpan<byte> line = buffer.AsSpan(start, end);
            ReadOnlySpan<byte> mark = "\"name\":\"config-2"u8;
            int at = line.IndexOf(mark);
            if (at >= 0 && Utf8Parser.TryParse(line[(at + mark.Length)..], out int number, out _) && number < Events)
            {
                latencies.Add((now - Volatile.Read(ref _sentAt[number])) * 1000.0 / Stopwatch.Frequency);
            }
        }

        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        return filled - start;
    }
}
