using System.Text;

namespace MiniPlane.Benchmarks;

/// <summary>The rows that read pods: one by one, all at once, in pages as kubectl asks, by label and by field.</summary>
internal sealed class ReadRows(ServerUnderTest server, LoadSettings settings, Report report)
{
    private const string TableAccept = "application/json;as=Table;v=v1;g=meta.k8s.io";

    public async Task GetAsync(ClosedLoop loop, TimeSpan limit, CancellationToken cancellationToken) => report.Row(await loop.RunAsync(
        "get Pod",
        int.MaxValue,
        limit,
        (client, number, token) => GetAsync(client, $"/api/v1/namespaces/default/pods/pod-{(number % settings.Pods) + 1}", token),
        cancellationToken));

    public async Task ListsAsync(HttpClient client, CancellationToken cancellationToken)
    {
        var single = new ClosedLoop(server, [client]);
        report.Row(await RunAsync(single, $"list {settings.Pods} pods", 10, "/api/v1/pods", cancellationToken));
        report.Row(await single.RunAsync(
            "the same as Table in pages of 500, the first time",
            1,
            TimeSpan.FromMinutes(1),
            PagesAsync,
            cancellationToken));
        report.Row(await single.RunAsync(
            "the same as Table in pages of 500",
            10,
            TimeSpan.FromMinutes(1),
            PagesAsync,
            cancellationToken));
        report.Row(await RunAsync(single, "label selector, 1 % of them", 200, "/api/v1/pods?labelSelector=group%3Dg7", cancellationToken));
        report.Row(await RunAsync(single, "field selector, none of them", 200, "/api/v1/pods?fieldSelector=spec.nodeName%3Dnowhere", cancellationToken));
    }

    private static Task<Measurement> RunAsync(ClosedLoop single, string name, int count, string path, CancellationToken cancellationToken) =>
        single.RunAsync(name, count, TimeSpan.FromMinutes(1), (client, _, token) => GetAsync(client, path, token), cancellationToken);

    private static async Task<long> PagesAsync(HttpClient client, int number, CancellationToken cancellationToken)
    {
        long bytes = 0;
        string token = "";
        do
        {
            string path = $"/api/v1/pods?limit=500{(token.Length > 0 ? "&continue=" + Uri.EscapeDataString(token) : "")}";
            byte[] page = await ReadAsync(client, path, TableAccept, cancellationToken);
            bytes += page.Length;
            token = ContinueToken(page);
        }
        while (token.Length > 0);
        return bytes;
    }

    private static string ContinueToken(byte[] page)
    {
        const string Mark = "\"continue\":\"";
        string head = Encoding.UTF8.GetString(page.AsSpan(0, Math.Min(page.Length, 4096)));
        int start = head.IndexOf(Mark, StringComparison.Ordinal);
        return start < 0 ? "" : head[(start + Mark.Length)..head.IndexOf('"', start + Mark.Length)];
    }

    // The answer's bytes are counted, not kept, so that the load generator takes little of the machine.
    private static async Task<long> GetAsync(HttpClient client, string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer =
            await client.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(64 * 1024);
        long bytes = 0;
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and int read)
        {
            bytes += read;
        }

        System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        return bytes;
    }

    private static async Task<byte[]> ReadAsync(HttpClient client, string path, string accept, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Headers.Accept.ParseAdd(accept);
        using HttpResponseMessage answer = await client.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync(cancellationToken);
    }
}
