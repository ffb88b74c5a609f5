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
            async () => (await _server.GetAsync("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/workload-leader-election")).Code == 200,
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
}
