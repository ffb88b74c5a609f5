using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Registry;

public sealed class ApplyTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Apply = "application/apply-patch+yaml";

    private readonly TestApiServer _server = fixture.Server;

    [Theory]
    [InlineData("Ignore")]
    [InlineData("Strict")]
    public async Task A_field_that_nobody_knows_cannot_be_applied(string validation)
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps/c?fieldManager=me&fieldValidation={validation}";

        Answer answer = await _server.PatchAsync(path, """{"apiVersion":"v1","kind":"ConfigMap","foo":1}""", Apply);

        Assert.Equal(400, answer.Code);
        Assert.Contains("/v1, Kind=ConfigMap): .foo: field not declared in schema", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_explicit_zero_is_owned_and_clears_what_another_manager_set()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps/c";
        await _server.PatchAsync($"{path}?fieldManager=one", """{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"x"} }""", Apply);

        Answer refused = await _server.PatchAsync(
            $"{path}?fieldManager=two", """{"apiVersion":"v1","kind":"ConfigMap","data":{"a":""},"immutable":false}""", Apply);
        Answer forced = await _server.PatchAsync(
            $"{path}?fieldManager=two&force=true", """{"apiVersion":"v1","kind":"ConfigMap","data":{"a":""},"immutable":false}""", Apply);

        Assert.Equal((409, 200), (refused.Code, forced.Code));
        Assert.Equal("", forced.Json.Text("data", "a"));
        Assert.Equal(
            """{"f:data":{"f:a":{}},"f:immutable":{}}""",
            forced.Json.Objects("metadata", "managedFields").Single(entry => entry.Text("manager") == "two")["fieldsV1"]!.ToJsonString());
    }

    [Fact]
    public async Task A_status_in_an_applied_object_is_neither_taken_nor_in_conflict()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/services/s";
        const string service = """{"apiVersion":"v1","kind":"Service","spec":{"ports":[{"port":1}]},"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.1"}]} } }""";
        await _server.PatchAsync($"{path}?fieldManager=one", service, Apply);
        await _server.PatchAsync($"{path}/status?fieldManager=lb", service.Replace("10.0.0.1", "10.0.0.2", StringComparison.Ordinal), Apply);

        Answer again = await _server.PatchAsync($"{path}?fieldManager=one", service, Apply);

        Assert.Equal(200, again.Code);
        Assert.Equal("10.0.0.2", again.Json.Objects("status", "loadBalancer", "ingress").Single().Text("ip"));
        Assert.Contains(again.Json.Objects("metadata", "managedFields"), entry => entry.Text("manager") == "lb" && entry["fieldsV1"]!.ToJsonString().Contains("f:status", StringComparison.Ordinal));
    }
}
