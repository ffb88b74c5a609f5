using MiniPlane.ApiServer.Tests.Hosting;

namespace MiniPlane.ApiServer.Tests.Requests;

public sealed class DeprecatedKindsTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    [Fact]
    public async Task Whoever_uses_a_kind_on_its_way_out_is_warned()
    {
        Answer endpoints = await fixture.Server.GetAsync("/api/v1/namespaces/default/endpoints");
        Answer services = await fixture.Server.GetAsync("/api/v1/namespaces/default/services");

        Assert.Equal(["299 - \"v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\""], endpoints.Warnings);
        Assert.Empty(services.Warnings);
    }
}
