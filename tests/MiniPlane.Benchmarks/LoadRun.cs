using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace MiniPlane.Benchmarks;

/// <summary>The rows, in the order in which they build on each other.</summary>
internal sealed class LoadRun(ServerUnderTest server, LoadSettings settings, Report report, TimeProvider time)
{
    private const string Namespace = "/api/v1/namespaces/default";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        report.Row("start on an empty directory to /readyz", Format(server.ReadyAfter.TotalSeconds, "s"));
        report.Row("CPU until ready", Format(server.Cpu.TotalSeconds, "s"));
        await Task.Delay(TimeSpan.FromSeconds(10), time, cancellationToken);
        report.Row("memory idle 10 s after ready", Format(server.ResidentMebibytes, "MiB"));

        List<HttpClient> clients = [.. Enumerable.Range(0, settings.Clients).Select(_ => server.NewClient())];
        var loop = new ClosedLoop(server, clients);
        var limit = TimeSpan.FromSeconds(settings.Seconds);
        await loop.RunAsync("warm up", 200, limit, (client, number, token) => PostAsync(client, "configmaps", Bodies.ConfigMap(1_000_000_000 + number), token), cancellationToken);
        if (!settings.OnlyReads)
        {
            report.Row(await loop.RunAsync(
                "create ConfigMap (1.2 KB)",
                int.MaxValue,
                limit,
                (client, number, token) => PostAsync(client, "configmaps", Bodies.ConfigMap(number), token),
                cancellationToken));
        }

        report.Row(await loop.RunAsync(
            "create Pod (2.4 KB)",
            settings.Pods,
            TimeSpan.FromMinutes(5),
            (client, number, token) => PostAsync(client, "pods", Bodies.Pod(number), token),
            cancellationToken));
        report.Row($"memory with {settings.Pods} pods", Format(server.ResidentMebibytes, "MiB"));
        var reads = new ReadRows(server, settings, report);
        await reads.GetAsync(loop, limit, cancellationToken);
        if (!settings.OnlyReads)
        {
            report.Row(await loop.RunAsync(
                "strategic patch of a Pod",
                int.MaxValue,
                limit,
                (client, number, token) => PatchAsync(client, number, token),
                cancellationToken));
        }

        await reads.ListsAsync(clients[0], cancellationToken);
        await new WatchRow(server, settings, report).RunAsync(clients, cancellationToken);
        if (!settings.OnlyReads)
        {
            report.Row(await loop.RunAsync(
                "delete Pod",
                settings.Pods,
                limit,
                (client, number, token) => DeleteAsync(client, number, token),
                cancellationToken));
        }

        clients.ForEach(client => client.Dispose());
    }

    public static async Task<long> PostAsync(HttpClient client, string resource, string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync(new Uri($"{Namespace}/{resource}", UriKind.Relative), content, cancellationToken);
        return await CheckAsync(answer, cancellationToken);
    }

    private async Task<long> PatchAsync(HttpClient client, int number, CancellationToken cancellationToken)
    {
        string body = string.Create(CultureInfo.InvariantCulture, $$$$"""{"metadata":{"labels":{"round":"r{{{{number}}}}"}}}""");
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/strategic-merge-patch+json");
        string path = $"{Namespace}/pods/pod-{(number % settings.Pods) + 1}";
        using HttpResponseMessage answer = await client.PatchAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
        return await CheckAsync(answer, cancellationToken);
    }

    private static async Task<long> DeleteAsync(HttpClient client, int number, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer =
            await client.DeleteAsync(new Uri($"{Namespace}/pods/pod-{number}", UriKind.Relative), cancellationToken);
        return await CheckAsync(answer, cancellationToken);
    }

    private static async Task<long> CheckAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? body.Length
            : throw new InvalidOperationException($"{(int)answer.StatusCode}: {Encoding.UTF8.GetString(body)}");
    }

    private static string Format(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:F2} {unit}");
}
