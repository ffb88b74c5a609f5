using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using MiniPlane.Integration.Tests.Chaos;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Integration.Tests.Durability;

/// <summary>A real disk of a few mebibytes that fills up under the server.</summary>
public sealed class FullDiskTests
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";
    private const int DiskMebibytes = 48;

    [Fact]
    public async Task Writes_are_refused_with_507_reads_and_watches_go_on_and_it_recovers_by_itself()
    {
        await using var cluster = new SimulatedCluster(DiskMebibytes);
        await cluster.StartAsync();
        using HttpResponseMessage watch = await cluster.Client.GetAsync(
            new Uri($"{Maps}?watch=1&timeoutSeconds=300&fieldSelector=metadata.name%3Dlast", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await watch.Content.ReadAsStreamAsync());
        Task<string?> told = events.ReadLineAsync();
        string filler = Path.Combine(cluster.Directory, "filler");

        Fill(filler);
        (int written, JsonObject refusal) = await WriteUntilRefusedAsync(cluster.Client);

        Assert.Equal(507, refusal.Integer("code"));
        Assert.Equal("Status", refusal.Text("kind"));
        Assert.Contains("no space is left", refusal.Text("message"), StringComparison.Ordinal);
        Assert.Equal(written, (await cluster.ListAsync(Maps)).Count(IsOurs));
        Assert.False(told.IsCompleted, "the watch ended");

        File.Delete(filler);
        await Eventually.TrueAsync(
            async () => (await PostAsync(cluster.Client, "last", 10)).Code == HttpStatusCode.Created, "writes are taken again", TimeSpan.FromSeconds(60));
        Assert.Contains("\"name\":\"last\"", await told.WaitAsync(TimeSpan.FromSeconds(60)), StringComparison.Ordinal);
        Assert.Equal(written + 1, (await cluster.ListAsync(Maps)).Count(IsOurs));
    }

    private static bool IsOurs(JsonObject obj) => obj.TextOrEmpty("metadata", "name") is var name && (name == "last" || name.StartsWith("full-", StringComparison.Ordinal));

    private static void Fill(string filler)
    {
        byte[] block = new byte[4096];
        using var file = new FileStream(filler, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 });
        try
        {
            for (int blocks = 0; blocks < DiskMebibytes * 256; blocks++)
            {
                file.Write(block);
            }

            Assert.Fail("the disk is larger than it should be");
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    private static async Task<(int Written, JsonObject Refusal)> WriteUntilRefusedAsync(HttpClient client)
    {
        // What the log holds already is written over first, so some writes still fit.
        for (int number = 0; number < 2000; number++)
        {
            (HttpStatusCode code, JsonObject body) = await PostAsync(client, string.Create(CultureInfo.InvariantCulture, $"full-{number}"), 50_000);
            if (code != HttpStatusCode.Created)
            {
                return (number, body);
            }
        }

        throw new InvalidOperationException("every write fitted on a full disk");
    }

    private static async Task<(HttpStatusCode Code, JsonObject Body)> PostAsync(HttpClient client, string name, int length)
    {
        var map = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["data"] = new JsonObject { ["content"] = new string('f', length) },
        };
        using var content = new StringContent(map.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PostAsync(new Uri(Maps, UriKind.Relative), content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject());
    }
}
