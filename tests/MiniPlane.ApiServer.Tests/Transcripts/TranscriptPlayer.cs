using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Transcripts;

/// <summary>Plays a recorded scenario against a server and returns every step that answers otherwise than the real server did.</summary>
internal sealed class TranscriptPlayer(TestApiServer server)
{
    private readonly Dictionary<string, string> _kept = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<string>> PlayAsync(string scenario)
    {
        JsonArray steps = Read($"{scenario}.json");
        JsonArray recorded = Read($"{scenario}.transcript.json");
        using HttpClient client = server.NewClient(TestApiServer.AdminToken);
        client.DefaultRequestHeaders.UserAgent.Clear();
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Python-urllib/3.11");
        var differences = new List<string>();
        for (int index = 0; index < steps.Count; index++)
        {
            Answer answer = await PlayAsync(client, steps[index]);
            string? difference = Compare(recorded[index], answer, steps[index].Has("watch"));
            if (difference is not null)
            {
                differences.Add($"{steps[index].Text("name")}: {difference}");
            }
        }

        return differences;
    }

    private async Task<Answer> PlayAsync(HttpClient client, JsonNode? step)
    {
        string? body = step.At("body") switch
        {
            null => null,
            JsonValue text => text.GetValue<string>(),
            { } json => json.ToJsonString(),
        };
        Answer answer = await server.SendAsync(
            new HttpMethod(step.TextOrEmpty("method")),
            Fill(step.TextOrEmpty("path")),
            body is null ? null : Fill(body),
            body is null ? null : step.Text("type") ?? "application/json",
            step.Text("accept") ?? "application/json",
            client);
        foreach ((string name, string path) in step.TextMap("keep"))
        {
            _kept[name] = answer.Json.TextOrEmpty(path.Split('.'));
        }

        return answer;
    }

    private string Fill(string text) =>
        _kept.Aggregate(text, (filled, pair) => filled.Replace($"${{{pair.Key}}}", pair.Value, StringComparison.Ordinal));

    private static string? Compare(JsonNode? recorded, Answer answer, bool isWatch)
    {
        if (recorded.Integer("status") != answer.Code)
        {
            return $"status {recorded.Integer("status")} expected, {answer.Code} got: {answer.Text}";
        }

        JsonNode? body = isWatch && answer.Code == 200 ? Frames(answer.Text) : answer.Json ?? JsonValue.Create(answer.Text);
        string wanted = TranscriptText.Normalize(recorded.At("body")).Compacted();
        string got = TranscriptText.Normalize(body).Compacted();
        if (wanted != got)
        {
            return $"\n  expected {wanted}\n  got      {got}";
        }

        string[] warnings = [.. answer.Warnings.Select(warning => warning["299 - ".Length..])];
        string[] expected = [.. recorded.Texts("warnings")];
        return expected.SequenceEqual(warnings) ? null : $"warnings {string.Join('|', expected)} expected, {string.Join('|', warnings)} got";
    }

    private static JsonArray Frames(string text) =>
        new([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line))]);

    private static JsonArray Read(string file) =>
        (JsonArray)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Transcripts", file)))!;
}
