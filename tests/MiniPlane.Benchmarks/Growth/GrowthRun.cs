using System.Globalization;

namespace MiniPlane.Benchmarks.Growth;

/// <summary>
/// What an operation costs the server when 1 000, 10 000 or 100 000 pods are stored, each size on a server of its own; and what a write
/// costs when watchers are there whom it concerns, and whom it does not. CPU time, because it does not depend on what else the machine does.
/// Usage: <c>miniplane-bench growth SERVER-COMMAND [--sizes 1000,10000,100000] [--svg FILE]</c>.
/// </summary>
internal sealed class GrowthRun(string command, IReadOnlyList<int> sizes, string? svg, TextWriter output, TimeProvider time)
{
    private const int Clients = 8;
    private const int Writes = 2000;
    private const int Reads = 4000;
    private const int ListedPods = 100_000;
    private const int Selections = 100;
    private const int WatchWrites = 1500;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private readonly Dictionary<string, double[]> _costs = new(StringComparer.Ordinal);

    public static string? Svg(string[] arguments)
    {
        int at = Array.IndexOf(arguments, "--svg");
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : null;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (int at = 0; at < sizes.Count; at++)
        {
            await MeasureAsync(at, cancellationToken);
        }

        await output.WriteLineAsync($"| CPU ms | {string.Join(" | ", sizes.Select(size => size.ToString("N0", CultureInfo.InvariantCulture)))} |");
        await output.WriteLineAsync($"|---|{string.Concat(sizes.Select(_ => "---|"))}");
        foreach ((string name, double[] costs) in _costs)
        {
            await output.WriteLineAsync($"| {name} | {string.Join(" | ", costs.Select(cost => cost.ToString("F3", CultureInfo.InvariantCulture)))} |");
        }

        if (svg is not null)
        {
            await File.WriteAllTextAsync(svg, GrowthChart.Draw(sizes, _costs.Where(row => !row.Key.Contains("watch", StringComparison.Ordinal))), cancellationToken);
        }
    }

    private async Task MeasureAsync(int at, CancellationToken cancellationToken)
    {
        int size = sizes[at];
        string directory = Directory.CreateTempSubdirectory("miniplane-growth-").FullName;
        try
        {
            await using ServerUnderTest server = await ServerUnderTest.StartAsync(command, directory, time, cancellationToken);
            List<HttpClient> clients = [.. Enumerable.Range(0, Clients).Select(_ => server.NewClient())];
            var loop = new ClosedLoop(server, clients);
            var single = new ClosedLoop(server, [clients[0]]);
            await loop.RunAsync("fill", size, Limit, CreateAsync, cancellationToken);
            await WarmAsync(loop, size, cancellationToken);
            await WarmAsync(loop, size, cancellationToken);
            await PodsAsync(at, loop, single, cancellationToken);
            await WatchersAsync(at, server, loop, cancellationToken);
            clients.ForEach(client => client.Dispose());
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{size} pods: {server.ResidentMebibytes:F0} MiB"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task PodsAsync(int at, ClosedLoop loop, ClosedLoop single, CancellationToken cancellationToken)
    {
        int size = sizes[at];
        int lists = Math.Max(3, ListedPods / size);
        double thousands = size / 1000.0;
        Note(at, "create Pod", await loop.RunAsync("", Writes, Limit, (client, number, token) => CreateAsync(client, size + number, token), cancellationToken), 1);
        Note(at, "strategic patch of a Pod", await loop.RunAsync("", Writes, Limit, (client, number, token) => PatchAsync(client, size, number, token), cancellationToken), 1);
        Note(at, "get Pod", await loop.RunAsync("", Reads, Limit, (client, number, token) => GetAsync(client, size, number, token), cancellationToken), 1);
        Note(at, "list, per 1 000 pods", await ListAsync(single, "/api/v1/pods", lists, cancellationToken), thousands);
        Note(at, "Table in pages of 500, per 1 000 pods", await single.RunAsync("", lists, Limit, (client, _, token) => Api.TablePagesAsync(client, token), cancellationToken), thousands);
        Note(at, "label selector of 1 %, per 10 matching pods", await ListAsync(single, "/api/v1/pods?labelSelector=group%3Dg7", Selections, cancellationToken), thousands);
        Note(at, "field selector that matches none", await ListAsync(single, "/api/v1/pods?fieldSelector=spec.nodeName%3Dnowhere", Selections, cancellationToken), 1);
        Note(
            at,
            "delete Pod",
            await loop.RunAsync("", Writes, Limit, (client, number, token) => Api.DeletePodAsync(client, size + number, token), cancellationToken),
            1);
    }

    private async Task WatchersAsync(int at, ServerUnderTest server, ClosedLoop loop, CancellationToken cancellationToken)
    {
        const string Path = $"{Api.Namespace}/configmaps?watch=1&labelSelector=app%3D";
        int first = 10_000_000;
        foreach ((string what, int count, string label) in ((string, int, string)[])
        [
            ("create ConfigMap, nobody watches", 0, "bench"),
            ("the same, 200 watchers that it does not match", 200, "other"),
            ("the same, 10 watchers that it matches", 10, "bench"),
            ("the same, 100 watchers that it matches", 100, "bench"),
        ])
        {
            await using OpenWatches watches = await OpenWatches.OpenAsync(server, count, 0, Path + label, cancellationToken);
            int from = first;
            first += 2 * WatchWrites;
            await loop.RunAsync("warm up", WatchWrites, Limit, (client, number, token) => MapAsync(client, from + number, token), cancellationToken);
            Note(
                at,
                what,
                await loop.RunAsync("", WatchWrites, Limit, (client, number, token) => MapAsync(client, from + WatchWrites + number, token), cancellationToken),
                1);
        }
    }

    /// <summary>So that no size pays for what is compiled when it is first called.</summary>
    private static async Task WarmAsync(ClosedLoop loop, int size, CancellationToken cancellationToken)
    {
        await loop.RunAsync("", Writes, Limit, (client, number, token) => CreateAsync(client, -number, token), cancellationToken);
        await loop.RunAsync("", Writes, Limit, (client, number, token) => PatchAsync(client, size, number, token), cancellationToken);
        await loop.RunAsync("", Reads, Limit, (client, number, token) => GetAsync(client, size, number, token), cancellationToken);
        await loop.RunAsync("", Writes, Limit, (client, number, token) => Api.DeletePodAsync(client, -number, token), cancellationToken);
        await loop.RunAsync("", 2, Limit, (client, _, token) => Api.TablePagesAsync(client, token), cancellationToken);
        await ListAsync(loop, "/api/v1/pods?labelSelector=group%3Dg7", 20, cancellationToken);
        await ListAsync(loop, "/api/v1/pods?fieldSelector=spec.nodeName%3Dnowhere", 20, cancellationToken);
    }

    private static Task<Measurement> ListAsync(ClosedLoop loop, string path, int count, CancellationToken cancellationToken) =>
        loop.RunAsync("", count, Limit, (client, _, token) => Api.GetAsync(client, path, token), cancellationToken);

    private static Task<long> CreateAsync(HttpClient client, int number, CancellationToken cancellationToken) =>
        Api.CreateAsync(client, "pods", Bodies.Pod(number), cancellationToken);

    private static Task<long> MapAsync(HttpClient client, int number, CancellationToken cancellationToken) =>
        Api.CreateAsync(client, "configmaps", Bodies.ConfigMap(number), cancellationToken);

    private static Task<long> GetAsync(HttpClient client, int size, int number, CancellationToken cancellationToken) =>
        Api.GetPodAsync(client, Spread(size, number), cancellationToken);

    private static Task<long> PatchAsync(HttpClient client, int size, int number, CancellationToken cancellationToken) =>
        Api.PatchAsync(client, Spread(size, number), number, cancellationToken);

    // All over the collection: neighbours would share cache lines.
    private static int Spread(int size, int number) => 1 + (int)((long)number * 7919 % size);

    private void Note(int at, string what, Measurement measured, double shares)
    {
        if (!_costs.TryGetValue(what, out double[]? costs))
        {
            _costs[what] = costs = new double[sizes.Count];
        }

        costs[at] = measured.CpuMilliseconds / shares;
    }
}
