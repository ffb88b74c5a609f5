using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Registry;

public sealed class EvictionTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task A_budget_without_room_refuses_with_429_and_names_itself()
    {
        string ns = await ReadyPodAsync();
        await BudgetAsync(ns, 0);

        Answer answer = await EvictAsync(ns, "");

        Assert.Equal((429, "TooManyRequests"), (answer.Code, answer.Reason));
        Assert.Equal("DisruptionBudget", answer.Json.Objects("details", "causes").Single().Text("reason"));
        Assert.Equal("The disruption budget guard needs 1 healthy pods and has 1 currently", answer.Json.Objects("details", "causes").Single().Text("message"));
    }

    [Fact]
    public async Task An_eviction_takes_one_disruption_from_the_budget()
    {
        string ns = await ReadyPodAsync();
        await BudgetAsync(ns, 1);

        Answer dryRun = await EvictAsync(ns, "?dryRun=All");
        Answer untouched = await _server.GetAsync($"/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets/guard");
        Answer answer = await EvictAsync(ns, "");

        JsonNode? budget = (await _server.GetAsync($"/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets/guard")).Json;
        Assert.Equal((201, 201), (dryRun.Code, answer.Code));
        Assert.Equal(1, untouched.Json.Integer("status", "disruptionsAllowed"));
        Assert.Equal(0, budget.Integer("status", "disruptionsAllowed"));
        Assert.True(budget.Has("status", "disruptedPods", "victim"));
    }

    [Fact]
    public async Task A_budget_that_its_controller_has_not_seen_asks_to_come_back()
    {
        string ns = await ReadyPodAsync();
        await BudgetAsync(ns, 1, observed: 0);

        Answer answer = await EvictAsync(ns, "");

        Assert.Equal(429, answer.Code);
        Assert.Equal(10, answer.Json.Integer("details", "retryAfterSeconds"));
    }

    private Task<Answer> EvictAsync(string ns, string query) => _server.PostAsync(
        $"/api/v1/namespaces/{ns}/pods/victim/eviction{query}",
        """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"victim"}}""");

    private async Task<string> ReadyPodAsync()
    {
        string ns = await fixture.NamespaceAsync();
        await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"default"}}""");
        Answer made = await _server.PostAsync(
            $"/api/v1/namespaces/{ns}/pods",
            """{"metadata":{"name":"victim","labels":{"app":"x"}},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]}}""");
        Answer ready = await _server.PatchAsync(
            $"/api/v1/namespaces/{ns}/pods/victim/status",
            """{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}""");
        Assert.Equal((201, 200), (made.Code, ready.Code));
        return ns;
    }

    private async Task BudgetAsync(string ns, int allowed, int observed = 1)
    {
        string path = $"/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets";
        await _server.PostAsync(path, """{"metadata":{"name":"guard"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"app":"x"}}}}""");
        Answer status = await _server.PatchAsync(
            $"{path}/guard/status",
            $$"""
            {"status":{"observedGeneration":{{observed}},"disruptionsAllowed":{{allowed}},"currentHealthy":1,"desiredHealthy":1,"expectedPods":1} }
            """);
        Assert.Equal(200, status.Code);
    }
}
