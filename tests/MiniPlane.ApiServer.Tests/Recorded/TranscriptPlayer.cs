using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Recorded;

/// <summary>Plays a recorded scenario against a server and compares every step.</summary>
internal sealed class TranscriptPlayer(TestApiServer server)
{
    private readonly Dictionary<string, string> _kept = new(StringComparer.Ordinal);

    public async Task PlayAsync(string scenario, RecordedAnswers answers)
    {
        JsonArray steps = Read($"{scenario}.json");
        JsonArray recorded = Read($"{scenario}.transcript.json");
        using HttpClient client = server.NewClient(TestApiServer.AdminToken);
        client.DefaultRequestHeaders.UserAgent.Clear();
        client.DefaultRequestHeaders.UserAgent.ParseAdd("Python-urllib/3.11");
        for (int index = 0; index < steps.Count; index++)
        {
            Answer answer = await PlayAsync(client, steps[index]);
            answers.Compare(steps[index].TextOrEmpty("name"), Compare(recorded[index], answer, steps[index].Has("watch")));
        }
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

    private static IEnumerable<JsonDifference> Compare(JsonNode? recorded, Answer answer, bool isWatch)
    {
        JsonNode? body = isWatch && answer.Code == 200 ? Frames(answer.Text) : answer.Json ?? JsonValue.Create(answer.Text);
        JsonNode warnings = new JsonArray([.. answer.Warnings.Select(warning => JsonValue.Create(warning["299 - ".Length..]))]);
        JsonNode expected = new JsonObject
        {
            ["status"] = recorded.Integer("status"),
            ["warnings"] = recorded.At("warnings")?.DeepClone() ?? new JsonArray(),
            ["body"] = RecordedText.Normalize(recorded.At("body")),
        };
        JsonNode actual = new JsonObject { ["status"] = answer.Code, ["warnings"] = warnings, ["body"] = RecordedText.Normalize(body) };
        return JsonDifference.Between(expected, actual);
    }

    private static JsonArray Frames(string text) =>
        new([.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line))]);

    private static JsonArray Read(string file) =>
        (JsonArray)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Transcripts", file)))!;
}
