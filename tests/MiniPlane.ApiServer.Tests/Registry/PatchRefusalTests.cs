using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Registry;

public sealed class PatchRefusalTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Strategic = "application/strategic-merge-patch+json";

    private readonly TestApiServer _server = fixture.Server;

    [Theory]
    [InlineData(
        Strategic,
        """{"metadata":{"labels":"wrong"}}""",
        """Invalid value: "map[metadata:map[labels:wrong]]": cannot restore map from string""")]
    [InlineData(
        Strategic,
        """{"immutable":3,"data":{"b":null,"a":"x"}}""",
        """Invalid value: "map[data:map[a:x b:<nil>] immutable:3]": cannot convert int64 to bool""")]
    public async Task A_strategic_patch_that_makes_no_object_shows_itself(string type, string patch, string expected)
    {
        Answer answer = await _server.PatchAsync(await ConfigMapAsync(), patch, type);

        Assert.Equal((422, "Invalid"), (answer.Code, answer.Json.Text("reason")));
        Assert.Equal($" \"\" is invalid: patch: {expected}", answer.Json.Text("message"));
        Assert.Equal(("patch", expected), Cause(answer));
        Assert.Null(answer.Json.At("details", "kind"));
    }

    [Theory]
    [InlineData("application/merge-patch+json", """{"metadata":{"labels":"wrong"}}""")]
    [InlineData("application/json-patch+json", """[{"op":"add","path":"/metadata/labels","value":"wrong"}]""")]
    public async Task Other_patches_show_what_they_made_of_the_object(string type, string patch)
    {
        Answer answer = await _server.PatchAsync(await ConfigMapAsync(), patch, type);

        (string? field, string? message) = Cause(answer);
        Assert.Equal((422, "patch"), (answer.Code, field));
        Assert.Contains("\\\"labels\\\":\\\"wrong\\\"", message, StringComparison.Ordinal);
        Assert.EndsWith(
            "json: cannot unmarshal string into Go struct field ObjectMeta.metadata.labels of type map[string]string", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_fields_of_a_strict_patch_are_told_of_the_patch()
    {
        Answer answer = await _server.PatchAsync($"{await ConfigMapAsync()}?fieldValidation=Strict", """{"spec":{}}""", Strategic);

        Assert.Equal(422, answer.Code);
        Assert.Equal(("patch", """Invalid value: "map[spec:map[]]": strict decoding error: unknown field "spec" """.TrimEnd()), Cause(answer));
    }

    [Theory]
    [InlineData("json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container", "cannot restore slice from string")]
    [InlineData("json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec", "cannot restore struct from: slice")]
    [InlineData("json: cannot unmarshal object into Go struct field PodSpec.spec.nodeName of type string", "cannot convert map[string]interface {} to string")]
    [InlineData("illegal base64 data at input byte 4", "error decoding from json: illegal base64 data at input byte 4")]
    [InlineData("quantities must match the regular expression", "quantities must match the regular expression")]
    public void The_converter_has_its_own_words(string json, string expected) => Assert.Equal(expected, PatchRefusal.Restored(json));

    [Fact]
    public void A_map_is_printed_as_Go_prints_it() => Assert.Equal(
        "map[a:[1 2.5 true] b:<nil> c:map[]]", PatchRefusal.Print(JsonNode.Parse("""{"c":{},"b":null,"a":[1,2.5,true]}""")));

    private static (string? Field, string? Message) Cause(Answer answer)
    {
        JsonObject cause = answer.Json.Objects("details", "causes").Single();
        return (cause.Text("field"), cause.Text("message"));
    }

    private async Task<string> ConfigMapAsync()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps";
        await _server.PostAsync(path, """{"metadata":{"name":"a"},"data":{"k":"v"}}""");
        return $"{path}/a";
    }
}
