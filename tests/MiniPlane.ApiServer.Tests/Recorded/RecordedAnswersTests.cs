using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Recorded;

/// <summary>
/// Everything that was recorded from a real kube-apiserver 1.36, played against ours. What may differ stands in
/// <c>differences.jsonl</c>, one line with its reason each.
/// </summary>
public sealed class RecordedAnswersTests
{
    private const string Namespace = "gold";

    [Theory]
    [InlineData("a-crud")]
    [InlineData("b-lists")]
    [InlineData("c-patch")]
    [InlineData("g-watch")]
    public async Task Every_step_of_a_conversation_is_answered_as_it_was_recorded(string scenario)
    {
        await using TestApiServer server = await TestApiServer.StartAsync();
        var answers = new RecordedAnswers($"transcripts/{scenario}");

        await new TranscriptPlayer(server).PlayAsync(scenario, answers);

        answers.AssertOnlyListedDifferences();
    }

    [Fact]
    public async Task Every_new_object_becomes_what_was_recorded()
    {
        await using TestApiServer server = await StartAsync();
        var answers = new RecordedAnswers("golden/defaulting");

        foreach (string name in GoldenFiles.Names("Defaulting"))
        {
            JsonObject expected = GoldenFiles.Json("Defaulting", $"{name}.out.json");
            Answer answer = await CreateAsync(server, "Defaulting", name);

            Assert.Equal((name, 201), (name, answer.Code));
            JsonObject actual = answer.Json!.AsObject();
            foreach (string field in (string[])["uid", "creationTimestamp", "resourceVersion", "managedFields"])
            {
                actual.Ensure("metadata").Remove(field);
            }

            answers.Compare(name, JsonDifference.Between(RecordedText.Normalize(expected), RecordedText.Normalize(actual)));
        }

        answers.AssertOnlyListedDifferences();
    }

    [Fact]
    public async Task Every_bad_object_is_refused_in_the_recorded_words()
    {
        await using TestApiServer server = await StartAsync();
        Assert.Equal(201, (await CreateAsync(server, "Defaulting", "crd")).Code);
        await Testing.Eventually.TrueAsync(
            async () => (await server.GetAsync("/apis/example.test/v1/widgets")).Code == 200, "the custom kind is served");
        var answers = new RecordedAnswers("golden/errors");

        foreach (string name in GoldenFiles.Names("Errors"))
        {
            JsonObject expected = GoldenFiles.Json("Errors", $"{name}.status.json");
            Answer answer = await CreateAsync(server, "Errors", name);

            answers.Compare(name, JsonDifference.Between(RecordedText.Normalize(expected), RecordedText.Normalize(answer.Json)));
        }

        answers.AssertOnlyListedDifferences();
    }

    private static async Task<TestApiServer> StartAsync()
    {
        TestApiServer server = await TestApiServer.StartAsync();
        await server.PostAsync("/api/v1/namespaces", $$"""{"metadata":{"name":"{{Namespace}}"} }""");
        await server.PostAsync($"/api/v1/namespaces/{Namespace}/serviceaccounts", """{"metadata":{"name":"default"} }""");
        return server;
    }

    private static Task<Answer> CreateAsync(TestApiServer server, string folder, string name)
    {
        JsonObject input = GoldenFiles.Yaml(folder, name);
        string version = input.TextOrEmpty("apiVersion");
        KindDefinition? kind = BuiltInCatalogue.Instance.FindKind(version, input.TextOrEmpty("kind"));
        string root = version.Contains('/', StringComparison.Ordinal) ? "apis" : "api";
        string place = kind is { IsNamespaced: false } ? "" : $"namespaces/{input.TextOrEmpty("metadata", "namespace")}/";
        return server.PostAsync(
            $"/{root}/{version}/{place}{kind?.Plural ?? "widgets"}?fieldValidation=Strict", GoldenFiles.Text(folder, name), "application/yaml");
    }
}
