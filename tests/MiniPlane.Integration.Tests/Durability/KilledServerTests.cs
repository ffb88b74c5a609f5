using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MiniPlane.Integration.Tests.Chaos;
using MiniPlane.Integration.Tests.Informers;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Integration.Tests.Durability;

/// <summary>
/// The whole server is killed (SIGKILL) at random points under load through its API, again and again on the same directory, while an
/// informer follows. <c>MINIPLANE_SERVER_KILLS</c> sets how often; docs/performance.md tells of 500.
/// </summary>
public sealed class KilledServerTests
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private const int Writers = 8;
    private const int ObjectsEach = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static int Kills => int.TryParse(
        Environment.GetEnvironmentVariable("MINIPLANE_SERVER_KILLS"), CultureInfo.InvariantCulture, out int count) ? count : 3;

    [Fact]
    public async Task Every_acknowledged_write_is_there_none_is_half_revisions_rise_and_watchers_go_on()
    {
        await using var cluster = new SimulatedCluster();
        await cluster.StartAsync();
        using var stop = new CancellationTokenSource();
        var informer = new Informer(cluster, Maps, streamsList: false, watchSeconds: 300);
        Task following = informer.RunAsync(stop.Token);
        var ledger = new ApiLedger();
        var random = new Random(500);
        long newest = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            await LiveAndDieAsync(cluster, ledger, random);
            await cluster.StartAsync();
            JsonObject list = (await cluster.SendAsync(HttpMethod.Get, Maps))!;
            newest = ledger.Check(list, newest);
            await CheckInformerAsync(informer, list, kill);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following);
        Assert.True(ledger.Count >= Kills, $"only {ledger.Count} writes in {Kills} lives");
        long[] told = [.. informer.Told.Select(seen => seen.Revision)];
        Assert.Equal(told.Distinct().Order(), told);
    }

    private static async Task LiveAndDieAsync(SimulatedCluster cluster, ApiLedger ledger, Random random)
    {
        int before = ledger.Count;
        var pause = TimeSpan.FromMilliseconds(random.Next(0, 300));
        Task[] writing = [.. Enumerable.Range(0, Writers).Select(writer => WriteAsync(cluster.Client, writer, ledger, new Random(random.Next())))];
        await Eventually.TrueAsync(() => ledger.Count > before, "the first write of this life is acknowledged", Patience);
        await Task.Delay(pause, TimeProvider.System);
        await cluster.KillAsync();
        await Task.WhenAll(writing);
    }

    /// <summary>Until the server is gone.</summary>
    private static async Task WriteAsync(HttpClient client, int writer, ApiLedger ledger, Random random)
    {
        try
        {
            while (true)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"k-{writer}-{random.Next(ObjectsEach)}");
                int? known = ledger.Known(name);
                int? next = known is not null && random.Next(4) == 0 ? null : random.Next(1, 1_000_000);
                ledger.Intend(name, next);
                ledger.Acknowledge(name, await SendAsync(client, name, isThere: known is not null, next));
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // It was killed; the last write is undecided.
            return;
        }
    }

    private static async Task<long> SendAsync(HttpClient client, string name, bool isThere, int? number)
    {
        string path = isThere ? $"{Maps}/{name}" : Maps;
        using var request = new HttpRequestMessage(number is null ? HttpMethod.Delete : isThere ? HttpMethod.Put : HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20,
        };
        if (number is { } one)
        {
            var body = new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = name },
                ["data"] = new JsonObject { ["content"] = ApiLedger.Content(one) },
            };
            request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage answer = await client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{request.Method} {path}: {(int)answer.StatusCode} {text}");
        return number is null
            ? 0
            : long.Parse(JsonNode.Parse(text)!.TextOrEmpty("metadata", "resourceVersion"), CultureInfo.InvariantCulture);
    }

    /// <summary>Whether it resumed or listed again, it knows what the server has.</summary>
    private static Task CheckInformerAsync(Informer informer, JsonObject list, int kill)
    {
        var stored = list.Objects("items").ToDictionary(
            item => item.TextOrEmpty("metadata", "name"),
            item => long.Parse(item.TextOrEmpty("metadata", "resourceVersion"), CultureInfo.InvariantCulture),
            StringComparer.Ordinal);
        return Eventually.TrueAsync(
            () => informer.Cache.Count == stored.Count && stored.All(one => informer.Cache.TryGetValue(one.Key, out long revision) && revision == one.Value),
            string.Create(CultureInfo.InvariantCulture, $"the informer knows what is stored after kill {kill}"),
            Patience);
    }
}
