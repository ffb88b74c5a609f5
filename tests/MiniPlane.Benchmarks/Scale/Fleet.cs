using System.Globalization;
using System.Text.Json;

namespace MiniPlane.Benchmarks.Scale;

/// <summary>Many Deployments in one namespace: made, waited for by a watch, and deleted as a user would.</summary>
internal sealed class Fleet(HttpClient client, TimeProvider time, TimeSpan patience)
{
    private const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    private const string Pods = "/api/v1/namespaces/default/pods";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Creates the Deployments and returns when each has all its pods available.</summary>
    public async Task RaiseAsync(int count, int podsEach, int clients, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        Task available = WaitAvailableAsync(count, podsEach, limit.Token);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = clients, CancellationToken = limit.Token };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count), parallel, async (number, token) => await SendAsync(HttpMethod.Post, Deployments, Body(number, podsEach), token));
        await available;
    }

    /// <summary>Deletes all of them and returns when the last pod has gone.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        await SendAsync(HttpMethod.Delete, Deployments, body: null, limit.Token);
        while (await HasPodsAsync(limit.Token))
        {
            await Task.Delay(Pause, time, limit.Token);
        }
    }

    private async Task WaitAvailableAsync(int count, int podsEach, CancellationToken cancellationToken)
    {
        HashSet<string> done = new(StringComparer.Ordinal);
        string revision = "0";
        while (done.Count < count)
        {
            using HttpResponseMessage answer = await client.GetAsync(
                new Uri($"{Deployments}?watch=1&resourceVersion={revision}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            using var lines = new StreamReader(await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken));
            while (done.Count < count && await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                using var change = JsonDocument.Parse(line);
                JsonElement document = change.RootElement.GetProperty("object");
                if (change.RootElement.GetProperty("type").GetString() == "ERROR")
                {
                    throw new InvalidOperationException(line);
                }

                JsonElement metadata = document.GetProperty("metadata");
                revision = metadata.GetProperty("resourceVersion").GetString() ?? revision;
                if (Available(document) == podsEach)
                {
                    done.Add(metadata.GetProperty("name").GetString() ?? "");
                }
            }
        }
    }

    private static int Available(JsonElement deployment) =>
        deployment.TryGetProperty("status", out JsonElement status) && status.TryGetProperty("availableReplicas", out JsonElement number)
            ? number.GetInt32()
            : 0;

    private async Task<bool> HasPodsAsync(CancellationToken cancellationToken)
    {
        using var list = JsonDocument.Parse(await SendAsync(HttpMethod.Get, Pods + "?limit=1", body: null, cancellationToken));
        return list.RootElement.GetProperty("items").GetArrayLength() > 0;
    }

    private async Task<string> SendAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
            Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage answer = await client.SendAsync(request, cancellationToken);
        string text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode}: {text}");
    }

    private static string Body(int number, int pods) => string.Create(
        CultureInfo.InvariantCulture,
        $$$$"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web-{{{{number}}}}","labels":{"app":"web-{{{{number}}}}"}},
        "spec":{"replicas":{{{{pods}}}},"selector":{"matchLabels":{"app":"web-{{{{number}}}}"}},"template":{"metadata":{"labels":{"app":"web-{{{{number}}}}"}},
        "spec":{"containers":[{"name":"main","image":"registry.example.org/team/app:1.2.3","resources":{"requests":{"cpu":"100m","memory":"64Mi"}}}]}}} }
        """);
}
