using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Tests.Discovery;

public sealed class DiscoveryEndpointTests
{
    private const string KubectlAccept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private readonly KindCatalogue _catalogue = new();
    private readonly EndpointCall _call;

    public DiscoveryEndpointTests() => _call = new EndpointCall(_catalogue);

    [Fact]
    public async Task The_core_versions_name_the_address_by_which_the_client_came()
    {
        (_, JsonNode? body, _) = await _call.GetAsync("/api");

        Assert.Equal(
            """{"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[{"clientCIDR":"0.0.0.0/0","serverAddress":"127.0.0.1:6443"}]}""",
            body?.ToJsonString());
    }

    [Fact]
    public async Task Groups_come_in_the_order_of_the_API_with_the_preferred_version_first()
    {
        (_, JsonNode? body, _) = await _call.GetAsync("/apis/");

        JsonArray groups = body!["groups"]!.AsArray();
        Assert.Equal("APIGroupList", body["kind"]!.GetValue<string>());
        Assert.Equal("apiregistration.k8s.io,apps,events.k8s.io,authentication.k8s.io,authorization.k8s.io,autoscaling,batch", string.Join(',', groups.Take(7).Select(group => group!["name"]!.GetValue<string>())));
        Assert.Equal(
            """{"name":"autoscaling","versions":[{"groupVersion":"autoscaling/v2","version":"v2"},{"groupVersion":"autoscaling/v1","version":"v1"}],"preferredVersion":{"groupVersion":"autoscaling/v2","version":"v2"}}""",
            groups[5]!.ToJsonString());
    }

    [Fact]
    public async Task A_version_lists_its_resources_and_subresources()
    {
        (_, JsonNode? body, _) = await _call.GetAsync("/apis/apps/v1");

        JsonArray resources = body!["resources"]!.AsArray();
        Assert.Equal("apps/v1", body["groupVersion"]!.GetValue<string>());
        Assert.Equal(
            """{"name":"deployments","singularName":"deployment","namespaced":true,"kind":"Deployment","verbs":["create","delete","deletecollection","get","list","patch","update","watch"],"shortNames":["deploy"],"categories":["all"],"storageVersionHash":"8aSe+NMegvE="}""",
            Named(resources, "deployments"));
        Assert.Equal(
            """{"name":"deployments/scale","singularName":"","namespaced":true,"group":"autoscaling","version":"v1","kind":"Scale","verbs":["get","patch","update"]}""",
            Named(resources, "deployments/scale"));
        Assert.Equal(
            """{"name":"deployments/status","singularName":"","namespaced":true,"kind":"Deployment","verbs":["get","patch","update"]}""",
            Named(resources, "deployments/status"));
    }

    [Fact]
    public async Task What_is_not_stored_has_no_storage_hash()
    {
        (_, JsonNode? body, _) = await _call.GetAsync("/api/v1");

        JsonArray resources = body!["resources"]!.AsArray();
        Assert.Null(body["apiVersion"]);
        Assert.Equal(
            """{"name":"bindings","singularName":"binding","namespaced":true,"kind":"Binding","verbs":["create"]}""", Named(resources, "bindings"));
        Assert.Contains("xPOwRZ+Yhw8=", Named(resources, "pods"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kubectl_gets_all_groups_in_one_answer()
    {
        (_, JsonNode? body, HttpResponse response) = await _call.GetAsync("/apis", KubectlAccept);

        Assert.Equal("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", response.ContentType);
        Assert.Equal("apidiscovery.k8s.io/v2", body!["apiVersion"]!.GetValue<string>());
        JsonNode apps = body["items"]!.AsArray().Single(item => item!["metadata"]!["name"]!.GetValue<string>() == "apps")!;
        Assert.Equal(
            """{"resource":"replicasets","responseKind":{"group":"","version":"","kind":"ReplicaSet"},"scope":"Namespaced","singularResource":"replicaset","verbs":["create","delete","deletecollection","get","list","patch","update","watch"],"shortNames":["rs"],"categories":["all"],"subresources":[{"subresource":"scale","responseKind":{"group":"autoscaling","version":"v1","kind":"Scale"},"verbs":["get","patch","update"]},{"subresource":"status","responseKind":{"group":"","version":"","kind":"ReplicaSet"},"verbs":["get","patch","update"]}]}""",
            apps["versions"]![0]!["resources"]![3]!.ToJsonString());
    }

    [Fact]
    public async Task The_core_group_is_aggregated_below_api()
    {
        (_, JsonNode? body, _) = await _call.GetAsync("/api", KubectlAccept);

        JsonNode core = Assert.Single(body!["items"]!.AsArray())!;
        Assert.Equal("{}", core["metadata"]!.ToJsonString());
        Assert.Equal("""{"group":"","version":"v1","kind":"Binding"}""", core["versions"]![0]!["resources"]![0]!["responseKind"]!.ToJsonString());
    }

    [Theory]
    [InlineData("/api/v2")]
    [InlineData("/apis/none.example")]
    [InlineData("/apis/apps/v2")]
    [InlineData("/apis/apps/v1/deployments")]
    [InlineData("/version")]
    public void Other_paths_are_not_answered(string path)
    {
        Assert.False(_call.IsKnown(path));
    }

    [Fact]
    public async Task A_client_that_has_the_answer_is_told_so()
    {
        (_, _, HttpResponse first) = await _call.GetAsync("/apis");

        (int code, JsonNode? body, _) = await _call.GetAsync("/apis", ifNoneMatch: first.Headers.ETag);

        Assert.Equal(304, code);
        Assert.Null(body);
    }

    [Fact]
    public async Task A_new_custom_kind_is_discovered_at_once()
    {
        await _call.GetAsync("/apis");

        _catalogue.SetCustom("widgets.example.org", [Widgets.Make("v1")]);

        (_, JsonNode? groups, _) = await _call.GetAsync("/apis");
        Assert.Equal("example.org", groups!["groups"]!.AsArray().Last()!["name"]!.GetValue<string>());
        Assert.True(_call.IsKnown("/apis/example.org/v1"));

        _catalogue.SetCustom("widgets.example.org", []);

        Assert.False(_call.IsKnown("/apis/example.org/v1"));
    }

    [Fact]
    public async Task What_cannot_be_served_is_refused()
    {
        ApiException media = await Assert.ThrowsAsync<ApiException>(() => _call.GetAsync("/apis", "text/html"));
        ApiException method = await Assert.ThrowsAsync<ApiException>(() => _call.GetAsync("/apis", method: "POST"));

        Assert.Equal((406, 405), (media.Code, method.Code));
    }

    [Theory]
    [InlineData("/apis", 200)]
    [InlineData("/apis/apps", 200)]
    [InlineData("/openapi/v3", 200)]
    [InlineData("/api", 405)]
    [InlineData("/api/v1", 405)]
    [InlineData("/apis/apps/v1", 405)]
    public async Task HEAD_is_answered_where_upstream_has_no_routes(string path, int code)
    {
        int answered;
        try
        {
            answered = (await _call.SendAsync(path, "application/json", method: "HEAD")).StatusCode;
        }
        catch (ApiException refusal)
        {
            answered = refusal.Code;
        }

        Assert.Equal(code, answered);
    }

    private static string Named(JsonArray resources, string name) =>
        resources.Single(resource => resource!["name"]!.GetValue<string>() == name)!.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal);
}
