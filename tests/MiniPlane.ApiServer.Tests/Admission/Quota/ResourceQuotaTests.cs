using System.Globalization;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Admission.Quota;

public sealed class ResourceQuotaTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task Racing_clients_get_exactly_as_many_objects_as_the_quota_allows()
    {
        string ns = await fixture.NamespaceAsync();
        await QuotaAsync(ns, """{"hard":{"count/configmaps":"10"}}""");

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(index => MapAsync(ns, $"m-{index}")));

        Assert.Equal(10, answers.Count(answer => answer.Code == 201));
        Assert.All(answers.Where(answer => answer.Code != 201), answer => Assert.Equal(403, answer.Code));
        Assert.Equal(10, (await _server.GetAsync($"/api/v1/namespaces/{ns}/configmaps")).Json.Array("items")!.Count);
    }

    [Fact]
    public async Task A_refusal_names_the_quota_and_all_three_figures()
    {
        string ns = await fixture.NamespaceAsync();
        await QuotaAsync(ns, """{"hard":{"configmaps":"1"}}""");
        await MapAsync(ns, "a");

        Answer answer = await MapAsync(ns, "b");

        Assert.Equal(
            "configmaps \"b\" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=1, limited: configmaps=1",
            answer.Message);
    }

    [Fact]
    public async Task What_fails_or_only_tries_uses_nothing()
    {
        string ns = await fixture.NamespaceAsync();
        await QuotaAsync(ns, """{"hard":{"configmaps":"2"}}""");
        await MapAsync(ns, "a");
        Assert.Equal(409, (await MapAsync(ns, "a")).Code);
        Assert.Equal(201, (await _server.PostAsync($"/api/v1/namespaces/{ns}/configmaps?dryRun=All", """{"metadata":{"name":"x"}}""")).Code);

        Assert.Equal(201, (await MapAsync(ns, "b")).Code);
        Assert.Equal(403, (await MapAsync(ns, "c")).Code);
        await _server.DeleteAsync($"/api/v1/namespaces/{ns}/configmaps/a");
        Assert.Equal(201, (await MapAsync(ns, "c")).Code);
    }

    [Fact]
    public async Task A_pod_must_say_what_it_takes_and_stay_below_the_limit()
    {
        string ns = await fixture.NamespaceAsync();
        await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await QuotaAsync(ns, """{"hard":{"requests.cpu":"1","limits.memory":"1Gi"}}""");

        Answer silent = await PodAsync(ns, "a", "{}");
        Answer fits = await PodAsync(ns, "b", """{"requests":{"cpu":"600m"},"limits":{"memory":"512Mi"}}""");
        Answer tooMuch = await PodAsync(ns, "c", """{"requests":{"cpu":"600m"},"limits":{"memory":"512Mi"}}""");

        Assert.Equal("pods \"a\" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c", silent.Message);
        Assert.Equal(201, fits.Code);
        Assert.Equal(
            "pods \"c\" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1",
            tooMuch.Message);
    }

    [Fact]
    public async Task A_scoped_quota_counts_only_its_own_pods()
    {
        string ns = await fixture.NamespaceAsync();
        await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await QuotaAsync(ns, """{"hard":{"pods":"1"},"scopes":["BestEffort"]}""");

        Assert.Equal(201, (await PodAsync(ns, "a", "{}")).Code);
        Assert.Equal(403, (await PodAsync(ns, "b", "{}")).Code);
        Assert.Equal(201, (await PodAsync(ns, "c", """{"requests":{"cpu":"1"}}""")).Code);
    }

    private Task<Answer> MapAsync(string ns, string name) =>
        _server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", $$"""{"metadata":{"name":"{{name}}"} }""");

    private Task<Answer> PodAsync(string ns, string name, string resources) => _server.PostAsync(
        $"/api/v1/namespaces/{ns}/pods",
        string.Create(CultureInfo.InvariantCulture, $$"""{"metadata":{"name":"{{name}}"},"spec":{"containers":[{"name":"c","image":"i","resources":{{resources}} }]} }"""));

    private async Task QuotaAsync(string ns, string spec)
    {
        Answer answer = await _server.PostAsync(
            $"/api/v1/namespaces/{ns}/resourcequotas", $$"""{"metadata":{"name":"q"},"spec":{{spec}} }""");
        Assert.True(answer.Code == 201, answer.Text);
    }
}
