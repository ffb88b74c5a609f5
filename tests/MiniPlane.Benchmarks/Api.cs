using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace MiniPlane.Benchmarks;

/// <summary>The requests of the rows. Each answers how many bytes came back, and throws when it was refused.</summary>
internal static class Api
{
    public const string Namespace = "/api/v1/namespaces/default";
    private const string TableAccept = "application/json;as=Table;v=v1;g=meta.k8s.io";

    public static Task<long> CreateAsync(HttpClient client, string resource, string body, CancellationToken cancellationToken) =>
        SendAsync(client, HttpMethod.Post, $"{Namespace}/{resource}", body, "application/json", cancellationToken);

    public static Task<long> PatchAsync(HttpClient client, int pod, int round, CancellationToken cancellationToken) => SendAsync(
        client,
        HttpMethod.Patch,
        PodPath(pod),
        string.Create(CultureInfo.InvariantCulture, $$$$"""{"metadata":{"labels":{"round":"r{{{{round}}}}"}}}"""),
        "application/strategic-merge-patch+json",
        cancellationToken);

    /// <summary>Server-side apply of a whole pod, of which one label and one annotation change from round to round.</summary>
    public static Task<long> ApplyAsync(HttpClient client, int pod, int round, CancellationToken cancellationToken) => SendAsync(
        client,
        HttpMethod.Patch,
        PodPath(pod) + "?fieldManager=bench-applier&force=true",
        Bodies.AppliedPod(pod, round),
        "application/apply-patch+yaml",
        cancellationToken);

    public static Task<long> DeletePodAsync(HttpClient client, int pod, CancellationToken cancellationToken) =>
        SendAsync(client, HttpMethod.Delete, PodPath(pod), null, "", cancellationToken);

    public static Task<long> GetPodAsync(HttpClient client, int pod, CancellationToken cancellationToken) =>
        GetAsync(client, PodPath(pod), cancellationToken);

    public static Task<long> GetAsync(HttpClient client, string path, CancellationToken cancellationToken) =>
        SendAsync(client, HttpMethod.Get, path, null, "", cancellationToken);

    /// <summary>All pods as <c>kubectl get</c> asks for them.</summary>
    public static async Task<long> TablePagesAsync(HttpClient client, CancellationToken cancellationToken)
    {
        long bytes = 0;
        string token = "";
        do
        {
            string path = $"/api/v1/pods?limit=500{(token.Length > 0 ? "&continue=" + Uri.EscapeDataString(token) : "")}";
            byte[] page = await TablePageAsync(client, path, cancellationToken);
            bytes += page.Length;
            token = ContinueToken(page);
        }
        while (token.Length > 0);
        return bytes;
    }

    public static string PodPath(int number) => string.Create(CultureInfo.InvariantCulture, $"{Namespace}/pods/pod-{number}");

    private static async Task<byte[]> TablePageAsync(HttpClient client, string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(client, HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(TableAccept);
        using HttpResponseMessage answer = await client.SendAsync(request, cancellationToken);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private static string ContinueToken(byte[] page)
    {
        const string Mark = "\"continue\":\"";
        string head = Encoding.UTF8.GetString(page.AsSpan(0, Math.Min(page.Length, 4096)));
        int start = head.IndexOf(Mark, StringComparison.Ordinal);
        return start < 0 ? "" : head[(start + Mark.Length)..head.IndexOf('"', start + Mark.Length)];
    }

    private static async Task<long> SendAsync(
        HttpClient client, HttpMethod method, string path, string? body, string type, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(client, method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        }

        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            string text = await answer.Content.ReadAsStringAsync(cancellationToken);
            throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode}: {text}");
        }

        using var counted = new CountingStream();
        await answer.Content.CopyToAsync(counted, cancellationToken);
        return counted.Length;
    }

    private static HttpRequestMessage Request(HttpClient client, HttpMethod method, string path) => new(method, path)
    {
        Version = client.DefaultRequestVersion,
        VersionPolicy = client.DefaultVersionPolicy,
    };
}
