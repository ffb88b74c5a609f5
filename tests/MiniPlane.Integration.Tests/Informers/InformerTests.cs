using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Integration.Tests.Chaos;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Integration.Tests.Informers;

/// <summary>
/// Informers over many objects while writers write and watches end every second; between two phases of writing the server is killed and
/// started again. Every acknowledged creation and change after the informer's last list is told once and in order; deletions are judged
/// by the final cache. <c>MINIPLANE_INFORMER_OBJECTS</c> sets how many objects (10 000 was run by hand).
/// </summary>
public sealed class InformerTests
{
    private const string Path = "/api/v1/namespaces/default/configmaps";
    private const int Writers = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static int Objects => int.TryParse(
        Environment.GetEnvironmentVariable("MINIPLANE_INFORMER_OBJECTS"), CultureInfo.InvariantCulture, out int count) ? count : 400;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_event_is_lost_doubled_or_out_of_order(bool streamsList)
    {
        await using var cluster = new SimulatedCluster();
        await cluster.StartAsync();
        using var stop = new CancellationTokenSource(Limit, TimeProvider.System);
        var written = new ConcurrentDictionary<long, string>();
        await WriteAllAsync(cluster, "early", written, stop.Token);
        var informer = new Informer(cluster, Path, streamsList, 1);
        Task running = informer.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => informer.Revision > 0, "the first list is there", Limit);

        await WriteAllAsync(cluster, "before", written, stop.Token);
        await cluster.KillAsync();
        await cluster.StartAsync();
        await WriteAllAsync(cluster, "after", written, stop.Token);
        await Eventually.TrueAsync(() => informer.Revision >= written.Keys.Max(), "the informer has seen the last write", Limit);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Check(informer, written);
        var stored = (await cluster.ListAsync(Path)).ToDictionary(
            item => item.TextOrEmpty("metadata", "name"), Version, StringComparer.Ordinal);
        Assert.Equal(stored.OrderBy(pair => pair.Key, StringComparer.Ordinal), informer.Cache.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.True(informer.Watches > 1, "the watch was resumed");
    }

    [Fact]
    public async Task A_past_that_is_known_is_told_and_a_future_that_is_not_says_when_to_ask_again()
    {
        await using var cluster = new SimulatedCluster();
        await cluster.StartAsync();

        string answer = await cluster.Client.GetStringAsync(new Uri($"{Path}?watch=1&resourceVersion=1&timeoutSeconds=1", UriKind.Relative));
        var error = await cluster.Client.GetAsync(new Uri($"{Path}?resourceVersion=999999999", UriKind.Relative));

        Assert.DoesNotContain("ERROR", answer, StringComparison.Ordinal);
        Assert.Equal(504, (int)error.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_was_away_for_longer_than_the_server_remembers_is_told_so_and_lists_again(bool streamsList)
    {
        await using var cluster = new SimulatedCluster();
        await cluster.StartAsync();
        await cluster.SendAsync(HttpMethod.Post, Path, Named("goes"));
        await cluster.SendAsync(HttpMethod.Post, Path, Named("stays"));
        var informer = new Informer(cluster, Path, streamsList, 1);
        await RunUntilAsync(informer, () => informer.Cache.ContainsKey("stays"));
        int lists = informer.Lists;

        await cluster.SendAsync(HttpMethod.Delete, $"{Path}/goes");
        await OutrunMemoryAsync(cluster);
        JsonObject last = await cluster.SendAsync(HttpMethod.Post, Path, Named("comes")) ?? throw new InvalidOperationException("nothing was made");
        await RunUntilAsync(informer, () => informer.Revision >= Version(last));

        Assert.Equal(lists + 1, informer.Lists);
        Assert.DoesNotContain("goes", informer.Cache.Keys);
        var stored = (await cluster.ListAsync(Path)).ToDictionary(
            item => item.TextOrEmpty("metadata", "name"), Version, StringComparer.Ordinal);
        Assert.Equal(stored.OrderBy(pair => pair.Key, StringComparer.Ordinal), informer.Cache.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    private static async Task RunUntilAsync(Informer informer, Func<bool> isThere)
    {
        using var stop = new CancellationTokenSource(Limit, TimeProvider.System);
        Task running = informer.RunAsync(stop.Token);
        await Eventually.TrueAsync(isThere, "the informer has caught up", Limit);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    // The window of recent events holds 16 MiB.
    private static async Task OutrunMemoryAsync(SimulatedCluster cluster)
    {
        await cluster.SendAsync(HttpMethod.Post, Path, Named("big"));
        for (int number = 0; number < 24; number++)
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{number}{new string('x', 900_000)}");
            await cluster.SendAsync(HttpMethod.Patch, $"{Path}/big", new JsonObject { ["data"] = new JsonObject { ["a"] = text } });
        }
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };

    private static void Check(Informer informer, ConcurrentDictionary<long, string> written)
    {
        long[] told = [.. informer.Told.Select(seen => seen.Revision)];
        Assert.Equal(told.Order(), told);
        Assert.Equal(told.Distinct().Count(), told.Length);
        var known = told.ToHashSet();
        Assert.Empty(written.Where(write => write.Key > informer.ListedAt && !known.Contains(write.Key)).Take(5));
    }

    // Each object is made, changed twice, and every third one is deleted.
    private static Task WriteAllAsync(
        SimulatedCluster cluster, string prefix, ConcurrentDictionary<long, string> written, CancellationToken cancellationToken)
    {
        int share = Math.Max(1, Objects / 3 / Writers);
        return Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (int number = 0; number < share && !cancellationToken.IsCancellationRequested; number++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{writer}-{number}");
                await NoteAsync(HttpMethod.Post, Path, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
                await NoteAsync(HttpMethod.Patch, $"{Path}/{name}", new JsonObject { ["data"] = new JsonObject { ["a"] = "1" } });
                await NoteAsync(HttpMethod.Patch, $"{Path}/{name}", new JsonObject { ["data"] = new JsonObject { ["a"] = "2" } });
                if (number % 3 == 0)
                {
                    await cluster.SendAsync(HttpMethod.Delete, $"{Path}/{name}");
                }

                async Task NoteAsync(HttpMethod method, string path, JsonObject body)
                {
                    JsonObject answer = await cluster.SendAsync(method, path, body) ?? throw new InvalidOperationException($"{path} is not there");
                    Assert.True(written.TryAdd(Version(answer), name), "two writes have one revision");
                }
            }
        }));
    }

    private static long Version(JsonNode obj) =>
        long.Parse(obj.TextOrEmpty("metadata", "resourceVersion"), CultureInfo.InvariantCulture);
}
