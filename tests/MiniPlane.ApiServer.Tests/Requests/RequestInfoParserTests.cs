using MiniPlane.ApiServer.Requests;

namespace MiniPlane.ApiServer.Tests.Requests;

public sealed class RequestInfoParserTests
{
    [Theory]
    [InlineData("GET", "/api/v1/pods", false, "list", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/pods", true, "watch", "", "pods", "", "")]
    [InlineData("GET", "/api/v1/watch/namespaces/a/pods", false, "watch", "a", "pods", "", "")]
    [InlineData("POST", "/api/v1/namespaces/a/pods", false, "create", "a", "pods", "", "")]
    [InlineData("PUT", "/api/v1/namespaces/a/pods/p/status", false, "update", "a", "pods", "p", "status")]
    [InlineData("DELETE", "/api/v1/namespaces/a/pods", false, "deletecollection", "a", "pods", "", "")]
    [InlineData("GET", "/api/v1/namespaces/a", false, "get", "a", "namespaces", "a", "")]
    [InlineData("PUT", "/api/v1/namespaces/a/finalize", false, "update", "a", "namespaces", "a", "finalize")]
    [InlineData("PATCH", "/apis/apps/v1/namespaces/a/deployments/d/scale", false, "patch", "a", "deployments", "d", "scale")]
    public void A_path_names_verb_namespace_resource_and_name(
        string method, string path, bool isWatch, string verb, string ns, string resource, string name, string subresource)
    {
        RequestInfo info = RequestInfoParser.Parse(method, path, isWatch);

        Assert.True(info.IsResource);
        Assert.Equal((verb, ns, resource), (info.Verb, info.Namespace, info.Resource));
        Assert.Equal((name, subresource), (info.Name, info.Subresource));
    }

    [Theory]
    [InlineData("/api")]
    [InlineData("/apis/apps/v1")]
    [InlineData("/version")]
    public void Other_paths_are_no_resources(string path) => Assert.False(RequestInfoParser.Parse("GET", path, false).IsResource);
}
