using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Requests;

public sealed class WriteStrictnessTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Deployment = """
        {"metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},
         "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
        """;

    [Theory]
    [InlineData("PUT", "application/json", """{"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"d"},"spec":{"replicas":2,"foo":1}}""")]
    [InlineData("PATCH", "application/merge-patch+json", """{"spec":{"foo":1}}""")]
    public async Task A_scale_with_an_unknown_field_is_refused_when_asked_to(string method, string type, string body)
    {
        string ns = await fixture.NamespaceAsync();
        await fixture.Server.PostAsync($"/apis/apps/v1/namespaces/{ns}/deployments", Deployment);

        Answer answer = await fixture.Server.SendAsync(
            new HttpMethod(method), $"/apis/apps/v1/namespaces/{ns}/deployments/d/scale?fieldValidation=Strict", body, type);

        Assert.Equal(400, answer.Code);
        Assert.Equal(
            "Scale in version \"v1\" cannot be handled as a Scale: strict decoding error: unknown field \"spec.foo\"", answer.Message);
    }

    [Fact]
    public async Task A_key_given_twice_in_YAML_is_told_with_its_line()
    {
        string ns = await fixture.NamespaceAsync();

        Answer answer = await fixture.Server.PostAsync(
            $"/api/v1/namespaces/{ns}/configmaps?fieldValidation=Strict",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  key: one\n  key: two\n",
            "application/yaml");

        Assert.Equal(400, answer.Code);
        Assert.EndsWith("yaml: unmarshal errors:\n  line 7: key \"key\" already set in map", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"limits":{"cpu":"2","memory":null}}""", "spec.containers[0].resources.limits")]
    [InlineData("""{"requests":{"example.com/x":"1"},"limits":{"example.com/x":"1"}}""", "spec")]
    [InlineData("""{"requests":{"cpu":"2","memory":"2Gi"},"limits":{"cpu":"2","memory":"2Gi"}}""", "spec")]
    public async Task A_resize_changes_cpu_and_memory_and_not_the_class_of_the_pod(string resources, string field)
    {
        string ns = await fixture.NamespaceAsync();
        await CreatePodAsync(ns);

        Answer answer = await fixture.Server.PatchAsync(
            $"/api/v1/namespaces/{ns}/pods/p/resize",
            $$$"""{"spec":{"containers":[{"name":"c","resources":{{{resources}}}}]}}""",
            "application/strategic-merge-patch+json");

        Assert.Equal(422, answer.Code);
        Assert.Contains(answer.Json.Objects("details", "causes"), cause => cause.Text("field") == field);
    }

    [Fact]
    public async Task A_resize_is_a_new_generation_and_changes_nothing_else()
    {
        string ns = await fixture.NamespaceAsync();
        await CreatePodAsync(ns);

        Answer answer = await fixture.Server.PatchAsync(
            $"/api/v1/namespaces/{ns}/pods/p/resize",
            """{"spec":{"containers":[{"name":"c","image":"other","resources":{"requests":{"cpu":"1500m"}}}]}}""",
            "application/strategic-merge-patch+json");

        Assert.Equal(200, answer.Code);
        Assert.Equal(2, answer.Json.Integer("metadata", "generation"));
        Assert.Equal("i", answer.Json.Objects("spec", "containers").Single().Text("image"));
        Assert.Equal("1500m", answer.Json.Objects("spec", "containers").Single().Text("resources", "requests", "cpu"));
    }

    [Fact]
    public async Task Debug_containers_come_after_creation_and_have_no_resources()
    {
        string ns = await fixture.NamespaceAsync();
        await CreatePodAsync(ns);

        Answer early = await fixture.Server.PostAsync(
            $"/api/v1/namespaces/{ns}/pods",
            """{"metadata":{"name":"q"},"spec":{"containers":[{"name":"c","image":"i"}],"ephemeralContainers":[{"name":"d","image":"i"}]}}""");
        Answer rich = await fixture.Server.PatchAsync(
            $"/api/v1/namespaces/{ns}/pods/p/ephemeralcontainers",
            """{"spec":{"ephemeralContainers":[{"name":"d","image":"i","resources":{"limits":{"cpu":"1"}}}]}}""",
            "application/strategic-merge-patch+json");

        Assert.Equal("spec.ephemeralContainers", early.Json.Objects("details", "causes").Single().Text("field"));
        Assert.Equal("spec.ephemeralContainers[0].resources", rich.Json.Objects("details", "causes").Single().Text("field"));
    }

    private async Task CreatePodAsync(string ns)
    {
        await fixture.Server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"default"}}""");
        Answer made = await fixture.Server.PostAsync(
            $"/api/v1/namespaces/{ns}/pods",
            """
            {"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i",
             "resources":{"requests":{"cpu":"1","memory":"1Gi"},"limits":{"cpu":"2","memory":"2Gi"}}}]}}
            """);
        Assert.Equal(201, made.Code);
    }
}
