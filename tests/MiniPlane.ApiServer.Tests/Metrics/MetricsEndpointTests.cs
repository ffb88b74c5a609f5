using System.Diagnostics.Metrics;
using MiniPlane.ApiServer.Tests.Hosting;

namespace MiniPlane.ApiServer.Tests.Metrics;

public sealed class MetricsEndpointTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task Requests_are_counted_under_upstreams_names()
    {
        await _server.GetAsync("/api/v1/namespaces/default/pods");

        string text = (await _server.GetAsync("/metrics")).Text;

        Assert.Contains(
            "apiserver_request_total{code=\"200\",component=\"apiserver\",dry_run=\"\",group=\"\",resource=\"pods\",scope=\"namespace\","
            + "subresource=\"\",verb=\"LIST\",version=\"v1\"} ",
            text,
            StringComparison.Ordinal);
        Assert.Contains("# TYPE apiserver_request_duration_seconds histogram\n", text, StringComparison.Ordinal);
        Assert.Contains("le=\"+Inf\"} ", text, StringComparison.Ordinal);
        Assert.Contains("apiserver_current_inflight_requests{request_kind=\"readOnly\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nprocess_resident_memory_bytes ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sizes_of_answers_and_dispatched_requests_are_counted()
    {
        await _server.GetAsync("/api/v1/namespaces/kube-public/configmaps");
        await _server.GetAsync("/api/v1/namespaces/default");

        string text = (await _server.GetAsync("/metrics")).Text;

        Assert.Contains(
            "apiserver_response_sizes_count{component=\"apiserver\",group=\"\",resource=\"configmaps\",scope=\"namespace\",subresource=\"\","
            + "verb=\"LIST\",version=\"v1\"} 1\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains("resource=\"namespaces\",scope=\"resource\",subresource=\"\",verb=\"GET\",version=\"v1\",le=\"1000\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "apiserver_flowcontrol_dispatched_requests_total{flow_schema=\"exempt\",priority_level=\"exempt\"} ", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE apiserver_flowcontrol_rejected_requests_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE apiserver_request_terminations_total counter\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Instruments_of_any_of_our_meters_are_shown()
    {
        using var meter = new Meter("MiniPlane.Test");
        Counter<long> counter = meter.CreateCounter<long>("test_things_total", description: "Things of a test.");
        counter.Add(2, new KeyValuePair<string, object?>("name", "a \"b\""));

        string text = (await _server.GetAsync("/metrics")).Text;

        Assert.Contains("# TYPE test_things_total counter\ntest_things_total{name=\"a \\\"b\\\"\"} 2\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_are_not_for_everyone()
    {
        using HttpClient jane = _server.NewClient(TestApiServer.UserToken);

        Assert.Equal(403, (await _server.SendAsync(HttpMethod.Get, "/metrics", null, null, client: jane)).Code);
    }
}
