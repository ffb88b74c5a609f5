using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Requests;

public sealed class PlainPathsTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    [Fact]
    public async Task The_root_lists_what_can_be_asked_for()
    {
        Answer answer = await fixture.Server.GetAsync("/");

        Assert.Superset(
            new HashSet<string> { "/api/v1", "/apis/apps", "/apis/apps/v1", "/healthz/ping", "/openapi/v2", "/version" },
            answer.Json.Texts("paths").ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task The_parts_of_a_start_are_told_by_upstreams_names(string path)
    {
        Answer answer = await fixture.Server.GetAsync($"{path}?verbose=1");

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "[+]ping ok", "[+]log ok", "[+]etcd ok", "[+]poststarthook/start-kube-apiserver-admission-initializer ok",
                "[+]poststarthook/generic-apiserver-start-informers ok", "[+]poststarthook/start-apiextensions-informers ok",
                "[+]poststarthook/start-apiextensions-controllers ok", "[+]poststarthook/crd-informer-synced ok",
                "[+]poststarthook/rbac/bootstrap-roles ok", "[+]poststarthook/start-kube-aggregator-informers ok",
                "[+]autoregister-completion ok", "[+]poststarthook/apiservice-openapi-controller ok",
            },
            answer.Text.Split('\n').ToHashSet(StringComparer.Ordinal));
        Assert.Equal(path == "/livez", !answer.Text.Contains("[+]informer-sync ok", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/version?timeout=soon", 400)]
    [InlineData("/version?timeout=5", 400)]
    [InlineData("/version?timeout=3m", 200)]
    [InlineData("/version?timeout=0s", 200)]
    [InlineData("/api/v1/namespaces/default?timeout=soon", 400)]
    [InlineData("/api/v1/namespaces?timeout=soon", 400)]
    public async Task Any_request_may_say_how_long_it_may_take(string path, int code)
    {
        Answer answer = await fixture.Server.GetAsync(path);

        Assert.Equal(code, answer.Code);
        Assert.Equal(code == 400, answer.Text.Contains("invalid timeout specified in the request URL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default?pretty=true")]
    [InlineData("/api/v1/namespaces?pretty=1")]
    [InlineData("/apis?pretty=true")]
    [InlineData("/api/v1/namespaces/none?pretty=true")]
    [InlineData("/version")]
    public async Task Answers_for_people_are_indented(string path)
    {
        Answer answer = await fixture.Server.GetAsync(path);

        Assert.StartsWith("{\n  \"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_one_line()
    {
        Answer answer = await fixture.Server.GetAsync("/api/v1/namespaces");

        Assert.DoesNotContain("\n  ", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_only_read()
    {
        Answer answer = await fixture.Server.PostAsync("/version", "{}");

        Assert.Equal(405, answer.Code);
    }

    [Fact]
    public async Task A_scale_is_shown_with_its_two_numbers()
    {
        string ns = await fixture.NamespaceAsync();
        await fixture.Server.PostAsync(
            $"/apis/apps/v1/namespaces/{ns}/deployments",
            """
            {"metadata":{"name":"d"},"spec":{"replicas":3,"selector":{"matchLabels":{"a":"b"}},
             "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """);

        Answer answer = await fixture.Server.GetAsync(
            $"/apis/apps/v1/namespaces/{ns}/deployments/d/scale", "application/json;as=Table;v=v1;g=meta.k8s.io");

        Assert.Equal(
            ["Name", "Desired", "Available", "Age"], answer.Json.Objects("columnDefinitions").Select(column => column.TextOrEmpty("name")));
        JsonArray cells = answer.Json.Objects("rows").Single().Array("cells")!;
        Assert.Equal(("d", 3, 0), (cells[0].Text(), cells[1].Integer(), cells[2].Integer()));
    }
}
