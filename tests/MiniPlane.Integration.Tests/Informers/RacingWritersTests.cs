using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MiniPlane.Integration.Tests.Chaos;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Integration.Tests.Informers;

/// <summary>
/// Two writers replace one object as fast as they can, each from what it last read: the history has exactly those changes that were
/// acknowledged. <c>MINIPLANE_RACE_ROUNDS</c> sets how often each tries (10 000 was run by hand).
/// </summary>
public sealed class RacingWritersTests
{
    private const string Path = "/api/v1/namespaces/default/configmaps";

    private static int Rounds => int.TryParse(
        Environment.GetEnvironmentVariable("MINIPLANE_RACE_ROUNDS"), CultureInfo.InvariantCulture, out int count) ? count : 400;

    [Fact]
    public async Task Exactly_the_successful_writes_are_in_the_history()
    {
        await using var cluster = new SimulatedCluster();
        await cluster.StartAsync();
        JsonObject made = (await cluster.SendAsync(
            HttpMethod.Post, Path, JsonNode.Parse("""{"metadata":{"name":"race"},"data":{"by":"nobody"}}""")))!;
        var acknowledged = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        int[] refused = new int[2];

        using HttpResponseMessage watch = await cluster.Client.GetAsync(
            new Uri($"{Path}?watch=1&timeoutSeconds=600&fieldSelector=metadata.name%3Drace&resourceVersion={made.Text("metadata", "resourceVersion")}", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead);
        Task<List<(string Revision, string By)>> history = ReadAsync(watch);
        await Task.WhenAll(WriteAsync(0), WriteAsync(1));
        await cluster.SendAsync(HttpMethod.Delete, $"{Path}/race");
        List<(string Revision, string By)> told = await history;

        Assert.Equal(told.Select(one => long.Parse(one.Revision, CultureInfo.InvariantCulture)).Order(), told.Select(one => long.Parse(one.Revision, CultureInfo.InvariantCulture)));
        Assert.Equal(
            acknowledged.OrderBy(pair => long.Parse(pair.Key, CultureInfo.InvariantCulture)).Select(pair => (pair.Key, pair.Value)), told);
        Assert.Equal(2 * Rounds, acknowledged.Count + refused.Sum());
        Assert.True(refused.Sum() > 0, "the writers never met");

        async Task WriteAsync(int writer)
        {
            for (int round = 0; round < Rounds; round++)
            {
                JsonObject obj = (await cluster.SendAsync(HttpMethod.Get, $"{Path}/race"))!;
                string by = string.Create(CultureInfo.InvariantCulture, $"{writer}/{round}");
                obj["data"] = new JsonObject { ["by"] = by };
                using var body = new StringContent(obj.ToJsonString(), new MediaTypeHeaderValue("application/json"));
                using HttpResponseMessage answer = await cluster.Client.PutAsync(new Uri($"{Path}/race", UriKind.Relative), body);
                if (answer.StatusCode == HttpStatusCode.Conflict)
                {
                    refused[writer]++;
                    continue;
                }

                answer.EnsureSuccessStatusCode();
                string revision = JsonNode.Parse(await answer.Content.ReadAsStringAsync()).TextOrEmpty("metadata", "resourceVersion");
                Assert.True(acknowledged.TryAdd(revision, by), "two writes have one revision");
            }
        }
    }

    private static async Task<List<(string Revision, string By)>> ReadAsync(HttpResponseMessage watch)
    {
        var told = new List<(string, string)>();
        using var reader = new StreamReader(await watch.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            JsonNode change = JsonNode.Parse(line)!;
            if (change.Text("type") == "DELETED")
            {
                break;
            }

            told.Add((change.TextOrEmpty("object", "metadata", "resourceVersion"), change.TextOrEmpty("object", "data", "by")));
        }

        return told;
    }
}
