using System.Globalization;

namespace MiniPlane.Benchmarks;

/// <summary>The rows, in the order in which they build on each other.</summary>
internal sealed class LoadRun(LoadSettings settings, Report report, TimeProvider time)
{
    private const string PodWatch = $"{Api.Namespace}/pods?watch=1";

    private readonly TimeSpan _length = TimeSpan.FromSeconds(settings.Seconds);
    private readonly TimeSpan _warm = TimeSpan.FromSeconds(settings.WarmSeconds);
    private int _round;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string directory = Directory.CreateTempSubdirectory("miniplane-bench-").FullName;
        try
        {
            await using (ServerUnderTest server = await StartAsync(directory, "an empty directory", "start", cancellationToken))
            {
                await MeasureAsync(server, cancellationToken);
            }

            if (settings.Wants("restart"))
            {
                await RestartAsync(directory, cancellationToken);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private async Task<ServerUnderTest> StartAsync(string directory, string what, string row, CancellationToken cancellationToken)
    {
        ServerUnderTest server = await ServerUnderTest.StartAsync(settings.ServerCommand, directory, time, cancellationToken, "--store", settings.Store);
        if (settings.Wants(row))
        {
            report.Row($"start on {what} to /readyz", server.ReadyAfter.TotalSeconds, "s");
            report.Row("CPU until ready", server.CpuUntilReady.TotalSeconds, "s");
        }

        return server;
    }

    private async Task RestartAsync(string directory, CancellationToken cancellationToken)
    {
        await using ServerUnderTest server = await StartAsync(
            directory,
            string.Create(CultureInfo.InvariantCulture, $"a directory with {settings.StartPods} pods"),
            "restart",
            cancellationToken);
        report.Row("memory after that start", server.ResidentMebibytes, "MiB");
    }

    private async Task MeasureAsync(ServerUnderTest server, CancellationToken cancellationToken)
    {
        if (settings.Wants("idle"))
        {
            await Task.Delay(TimeSpan.FromSeconds(settings.IdleSeconds), time, cancellationToken);
            report.Row($"memory idle {settings.IdleSeconds} s after ready", server.ResidentMebibytes, "MiB");
        }

        List<HttpClient> clients = [.. Enumerable.Range(0, settings.Clients).Select(_ => server.NewClient())];
        var loop = new ClosedLoop(server, clients);
        await WritesAsync(server, loop, cancellationToken);
        await new ReadRows(server, settings, report, time).RunAsync(loop, clients[0], cancellationToken);
        await new TransferRows(server, settings, report).RunAsync(loop, clients[0], cancellationToken);
        await new WatchRow(server, settings, report).RunAsync(clients, cancellationToken);
        if (settings.Wants("delete"))
        {
            await using OpenWatches watches = await OpenAsync(server, PodWatch, cancellationToken);
            report.Row(await loop.RunAsync(
                "delete Pod", settings.Pods, _length, Api.DeletePodAsync, cancellationToken));
        }

        if (settings.Wants("restart"))
        {
            await loop.RunAsync(
                "fill up",
                settings.StartPods,
                TimeSpan.FromMinutes(10),
                (client, number, token) => Api.CreateAsync(client, "pods", Bodies.Pod(1_000_000 + number), token),
                cancellationToken);
        }

        clients.ForEach(client => client.Dispose());
    }

    private async Task WritesAsync(ServerUnderTest server, ClosedLoop loop, CancellationToken cancellationToken)
    {
        if (settings.Wants("configmap"))
        {
            await using OpenWatches watches = await OpenAsync(server, $"{Api.Namespace}/configmaps?watch=1", cancellationToken);
            await WarmAndMeasureAsync(
                loop,
                "create ConfigMap (1.2 KB)",
                (client, number, token) => Api.CreateAsync(client, "configmaps", Bodies.ConfigMap(number), token),
                cancellationToken);
        }

        await using OpenWatches podWatches = await OpenAsync(server, PodWatch, cancellationToken);
        await loop.RunAsync(
            "warm up", settings.Pods / 10, _length, (client, number, token) => CreatePodAsync(client, -number, token), cancellationToken);
        Measurement pods = await loop.RunAsync("create Pod (2.4 KB)", settings.Pods, TimeSpan.FromMinutes(5), CreatePodAsync, cancellationToken);
        if (settings.Wants("pod"))
        {
            report.Row(pods);
        }

        if (settings.Wants("memory"))
        {
            report.Row($"memory with {settings.Pods} pods", server.ResidentMebibytes, "MiB");
        }

        if (settings.Wants("patch"))
        {
            await WarmAndMeasureAsync(
                loop,
                "strategic patch of a Pod",
                (client, number, token) => Api.PatchAsync(client, PodNumber(number), Interlocked.Increment(ref _round), token),
                cancellationToken);
        }

        if (settings.Wants("apply"))
        {
            await WarmAndMeasureAsync(
                loop,
                "server-side apply of a Pod",
                (client, number, token) => Api.ApplyAsync(client, PodNumber(number), Interlocked.Increment(ref _round), token),
                cancellationToken);
        }
    }

    private static Task<long> CreatePodAsync(HttpClient client, int number, CancellationToken cancellationToken) =>
        Api.CreateAsync(client, "pods", Bodies.Pod(number), cancellationToken);

    private async Task WarmAndMeasureAsync(
        ClosedLoop loop, string name, Func<HttpClient, int, CancellationToken, Task<long>> operation, CancellationToken cancellationToken)
    {
        const int Warming = 1_000_000_000;
        await loop.RunAsync("warm up", int.MaxValue, _warm, (client, number, token) => operation(client, Warming + number, token), cancellationToken);
        report.Row(await loop.RunAsync(name, int.MaxValue, _length, operation, cancellationToken));
    }

    private int PodNumber(int number) => (number % settings.Pods) + 1;

    private Task<OpenWatches> OpenAsync(ServerUnderTest server, string path, CancellationToken cancellationToken) =>
        OpenWatches.OpenAsync(server, settings.Watches, 0, path, cancellationToken);
}
