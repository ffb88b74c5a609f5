using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.FlowControl;

public sealed class FlowControlTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task Requests_are_sorted_by_the_flow_schemas_and_the_answer_says_how()
    {
        await Eventually.TrueAsync(
            async () => (await _server.GetAsync("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/catch-all")).Code == 200,
            "the default objects are there");
        string exempt = (await _server.GetAsync("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/exempt")).Json.TextOrEmpty("metadata", "uid");
        string ordinary = (await _server.GetAsync("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/global-default")).Json.TextOrEmpty("metadata", "uid");
        using HttpClient jane = _server.NewClient(TestApiServer.UserToken);

        using HttpResponseMessage mine = await _server.Admin.GetAsync("/api/v1/namespaces", CancellationToken.None);
        using HttpResponseMessage hers = await jane.GetAsync("/api/v1/namespaces", CancellationToken.None);

        Assert.Equal([exempt], mine.Headers.GetValues("X-Kubernetes-PF-FlowSchema-UID"));
        Assert.Equal([ordinary], hers.Headers.GetValues("X-Kubernetes-PF-FlowSchema-UID"));
    }

    [Fact]
    public async Task Every_default_schema_is_there_and_says_that_its_level_is()
    {
        string[] expected =
        [
            "catch-all", "endpoint-controller", "exempt", "global-default", "kube-controller-manager", "kube-scheduler",
            "kube-system-service-accounts", "probes", "service-accounts", "system-leader-election", "system-node-high", "system-nodes",
            "workload-leader-election",
        ];

        await Eventually.TrueAsync(
            async () => Sound((await _server.GetAsync("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas")).Json).SequenceEqual(expected),
            "every schema has found its level");
    }

    [Fact]
    public async Task A_schema_is_told_at_once_when_its_level_comes_or_goes()
    {
        const string group = "/apis/flowcontrol.apiserver.k8s.io/v1";
        await _server.PostAsync($"{group}/flowschemas", """
            {"metadata":{"name":"early"},"spec":{"matchingPrecedence":1000,"priorityLevelConfiguration":{"name":"late"},
             "rules":[{"subjects":[{"kind":"User","user":{"name":"nobody"}}],"nonResourceRules":[{"verbs":["*"],"nonResourceURLs":["*"]}]}]}}
            """);
        await Eventually.TrueAsync(async () => await DanglingAsync() == "True", "its level is not there");

        Answer level = await _server.PostAsync($"{group}/prioritylevelconfigurations", """
            {"metadata":{"name":"late"},"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":1,"limitResponse":{"type":"Reject"}}}}
            """);

        Assert.Equal(201, level.Code);
        await Eventually.TrueAsync(async () => await DanglingAsync() == "False", "its level is there");
        await _server.DeleteAsync($"{group}/flowschemas/early");
        await _server.DeleteAsync($"{group}/prioritylevelconfigurations/late");

        async Task<string?> DanglingAsync() => (await _server.GetAsync($"{group}/flowschemas/early")).Json.Objects("status", "conditions")
            .FirstOrDefault(condition => condition.Text("type") == "Dangling").Text("status");
    }

    [Fact]
    public async Task A_body_above_three_mebibytes_is_too_large()
    {
        string body = $$"""{"metadata":{"name":"big"},"data":{"k":"{{new string('x', 3 * 1024 * 1024)}}"} }""";

        Assert.Equal(413, (await _server.PostAsync("/api/v1/namespaces/default/configmaps", body)).Code);
    }

    [Fact]
    public async Task A_long_selector_fits_into_the_request_line()
    {
        string values = string.Join(',', Enumerable.Range(0, 3000).Select(number => $"v{number}"));

        Assert.Equal(200, (await _server.GetAsync($"/api/v1/namespaces/default/pods?labelSelector=a+in+({values})")).Code);
    }

    private static IEnumerable<string> Sound(JsonNode? list) => list.Objects("items")
        .Where(item => item.Objects("status", "conditions").Any(condition => condition.Text("reason") == "Found"))
        .Select(item => item.TextOrEmpty("metadata", "name"))
        .Order(StringComparer.Ordinal);
}
