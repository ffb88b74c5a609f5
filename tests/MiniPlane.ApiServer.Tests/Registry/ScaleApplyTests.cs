using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Registry;

public sealed class ScaleApplyTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Apply = "application/apply-patch+yaml";

    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task Replicas_are_applied_through_the_scale_and_owned_there()
    {
        string path = await DeploymentAsync();

        Answer conflict = await _server.PatchAsync($"{path}/scale?fieldManager=scaler", Scale("web", 3), Apply);
        Answer forced = await _server.PatchAsync($"{path}/scale?fieldManager=scaler&force=true", Scale("web", 3), Apply);

        Answer workload = await _server.GetAsync(path);
        Assert.Equal((409, ".spec.replicas"), (conflict.Code, conflict.Json.Objects("details", "causes").Single().Text("field")));
        Assert.Equal(("Scale", 3), (forced.Json.Text("kind"), forced.Json.Integer("spec", "replicas")));
        Assert.Equal(3, workload.Json.Integer("spec", "replicas"));
        Assert.Contains(
            workload.Json.Objects("metadata", "managedFields"),
            entry => (entry.Text("manager"), entry.Text("operation"), entry.Text("subresource")) == ("scaler", "Apply", "scale"));
    }

    [Fact]
    public async Task A_workload_is_not_made_by_applying_its_scale()
    {
        string path = await DeploymentAsync();

        Answer answer = await _server.PatchAsync($"{path}2/scale?fieldManager=scaler", Scale("web2", 3), Apply);

        Assert.Equal(404, answer.Code);
    }

    private static string Scale(string name, int replicas) =>
        $$"""{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"{{name}}"},"spec":{"replicas":{{replicas}}} }""";

    private async Task<string> DeploymentAsync()
    {
        string path = $"/apis/apps/v1/namespaces/{await fixture.NamespaceAsync()}/deployments";
        await _server.PostAsync(
            path,
            """
            {"metadata":{"name":"web"},"spec":{"replicas":2,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
            "spec":{"hostNetwork":false,"containers":[{"name":"c","image":"i"}]}}}}
            """);
        return $"{path}/web";
    }
}
