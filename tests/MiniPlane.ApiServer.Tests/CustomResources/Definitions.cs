using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.CustomResources;

/// <summary>Makes definitions for tests, each in a group of its own.</summary>
internal static class Definitions
{
    public const string Path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    /// <summary>A definition of namespaced Widgets with one version, <c>v1</c>.</summary>
    public static JsonObject Widgets(string group, string schema, string more = "")
    {
        string json = $$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"widgets.{{group}}"},
             "spec":{"group":"{{group}}","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget","shortNames":["wd"],"categories":["all"]},
              "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{{schema}} }{{more}} }] } }
            """;
        return JsonNode.Parse(json)!.AsObject();
    }

    /// <summary>Creates the definition and waits until it is served.</summary>
    public static async Task ServeAsync(TestApiServer server, JsonObject definition)
    {
        Answer made = await server.PostAsync(Path, definition.ToJsonString());
        Assert.True(made.Code == 201, made.Text);
        await EstablishedAsync(server, definition.TextOrEmpty("metadata", "name"));
    }

    public static Task EstablishedAsync(TestApiServer server, string name) => Eventually.TrueAsync(
        async () => (await server.GetAsync($"{Path}/{name}")).Json.Objects("status", "conditions")
            .Any(condition => condition.Text("type") == "Established" && condition.Text("status") == "True"),
        "the definition is established");
}
