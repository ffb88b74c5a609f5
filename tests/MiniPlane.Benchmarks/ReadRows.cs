namespace MiniPlane.Benchmarks;

/// <summary>Gets and lists.</summary>
internal sealed class ReadRows(ServerUnderTest server, LoadSettings settings, Report report, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public async Task RunAsync(ClosedLoop loop, HttpClient client, CancellationToken cancellationToken)
    {
        if (settings.Wants("get"))
        {
            var length = TimeSpan.FromSeconds(settings.Seconds);
            await loop.RunAsync("warm up", int.MaxValue, TimeSpan.FromSeconds(settings.WarmSeconds), GetPodAsync, cancellationToken);
            report.Row(await loop.RunAsync("get Pod", int.MaxValue, length, GetPodAsync, cancellationToken));
        }

        var single = new ClosedLoop(server, [client]);
        await RunAsync(
            single, "list", $"list {settings.Pods} pods", 10, (one, _, token) => Api.GetAsync(one, "/api/v1/pods", token), cancellationToken);
        await RunAsync(
            single,
            "table",
            "the same as Table in pages of 500, the first time",
            1,
            (one, _, token) => Api.TablePagesAsync(one, token),
            cancellationToken);
        await RunAsync(
            single,
            "table",
            "the same as Table in pages of 500",
            10,
            (one, _, token) => Api.TablePagesAsync(one, token),
            cancellationToken);
        await SelectAsync(single, "label selector, 1 % of them", "labelSelector=group%3Dg7", cancellationToken);
        await SelectAsync(single, "field selector, none of them", "fieldSelector=spec.nodeName%3Dnowhere", cancellationToken);
        if (settings.Wants("memory"))
        {
            await Task.Delay(TimeSpan.FromSeconds(5), time, cancellationToken);
            report.Row("memory 5 s after the lists", server.ResidentMebibytes, "MiB");
        }
    }

    private Task<long> GetPodAsync(HttpClient client, int number, CancellationToken cancellationToken) =>
        Api.GetPodAsync(client, (number % settings.Pods) + 1, cancellationToken);

    private Task SelectAsync(ClosedLoop loop, string name, string selector, CancellationToken cancellationToken) => RunAsync(
        loop, "selector", name, 200, (one, _, token) => Api.GetAsync(one, "/api/v1/pods?" + selector, token), cancellationToken);

    private async Task RunAsync(
        ClosedLoop loop,
        string row,
        string name,
        int count,
        Func<HttpClient, int, CancellationToken, Task<long>> operation,
        CancellationToken cancellationToken)
    {
        if (settings.Wants(row))
        {
            report.Row(await loop.RunAsync(name, count, Limit, operation, cancellationToken));
        }
    }
}
