using System.Globalization;

namespace MiniPlane.Benchmarks;

/// <summary>What an answer costs beside CPU time: managed memory per request in the whole server, and compression of a large list.</summary>
internal sealed class TransferRows(ServerUnderTest server, LoadSettings settings, Report report)
{
    private const int Gets = 20_000;
    private const int Lists = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public async Task RunAsync(ClosedLoop loop, HttpClient client, CancellationToken cancellationToken)
    {
        if (settings.Wants("allocation"))
        {
            await loop.RunAsync("warm up", Gets, Limit, GetPodAsync, cancellationToken);
            double before = await AllocatedAsync(client, cancellationToken);
            Measurement gets = await loop.RunAsync("", Gets, Limit, GetPodAsync, cancellationToken);
            double after = await AllocatedAsync(client, cancellationToken);
            report.Row("allocated per get Pod", (after - before) / gets.Sorted.Length, "bytes");
        }

        if (settings.Wants("gzip"))
        {
            var single = new ClosedLoop(server, [client]);
            foreach (string coding in (string[])["identity", "gzip"])
            {
                await single.RunAsync("warm up", 2, Limit, (one, _, token) => ListAsync(one, coding, token), cancellationToken);
                string name = string.Create(CultureInfo.InvariantCulture, $"list {settings.Pods} pods, {coding}");
                report.Row(await single.RunAsync(name, Lists, Limit, (one, _, token) => ListAsync(one, coding, token), cancellationToken));
            }
        }
    }

    private Task<long> GetPodAsync(HttpClient client, int number, CancellationToken cancellationToken) =>
        Api.GetPodAsync(client, (number % settings.Pods) + 1, cancellationToken);

    private static async Task<double> AllocatedAsync(HttpClient client, CancellationToken cancellationToken)
    {
        const string Name = "\ndotnet_gc_allocated_bytes_total ";
        string text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellationToken);
        int start = text.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return double.Parse(text.AsSpan(start, text.IndexOf('\n', start) - start), CultureInfo.InvariantCulture);
    }

    private static async Task<long> ListAsync(HttpClient client, string coding, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/pods") { Version = client.DefaultRequestVersion };
        request.Headers.AcceptEncoding.ParseAdd(coding);
        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var counted = new CountingStream();
        await answer.EnsureSuccessStatusCode().Content.CopyToAsync(counted, cancellationToken);
        return counted.Length;
    }
}
