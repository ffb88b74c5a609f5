using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Patches;

namespace MiniPlane.Objects.Tests.Patches;

public sealed class JsonPatchTests
{
    [Theory]
    [InlineData("""{"a":1}""", """[{"op":"add","path":"/b","value":null}]""", """{"a":1,"b":null}""")]
    [InlineData("""{"a":[1,3]}""", """[{"op":"add","path":"/a/1","value":2}]""", """{"a":[1,2,3]}""")]
    [InlineData("""{"a":[1]}""", """[{"op":"add","path":"/a/-","value":2}]""", """{"a":[1,2]}""")]
    [InlineData("""{"a/b":{"c~d":1}}""", """[{"op":"replace","path":"/a~1b/c~0d","value":2}]""", """{"a/b":{"c~d":2}}""")]
    [InlineData("""{"a":[1,2,3]}""", """[{"op":"remove","path":"/a/1"}]""", """{"a":[1,3]}""")]
    [InlineData("""{"a":{"x":1},"b":{}}""", """[{"op":"move","from":"/a/x","path":"/b/y"}]""", """{"a":{},"b":{"y":1}}""")]
    [InlineData("""{"a":{"x":1}}""", """[{"op":"copy","from":"/a","path":"/b"}]""", """{"a":{"x":1},"b":{"x":1}}""")]
    [InlineData("""{"a":1}""", """[{"op":"test","path":"/a","value":1},{"op":"test","path":"/none","value":null}]""", """{"a":1}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"","value":{"b":2}}]""", """{"b":2}""")]
    public void Operations_do_what_RFC_6902_says(string original, string patch, string expected)
    {
        JsonNode before = JsonNode.Parse(original)!;

        JsonNode? after = JsonPatch.Apply(before, JsonNode.Parse(patch));

        Assert.Equal(expected, after?.ToJsonString());
        Assert.Equal(original, before.ToJsonString());
    }

    [Theory]
    [InlineData("""[{"op":"test","path":"/a","value":2}]""")]
    [InlineData("""[{"op":"remove","path":"/x"}]""")]
    [InlineData("""[{"op":"replace","path":"/x","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/x/y","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l/5","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l/01","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/l"}]""")]
    [InlineData("""[{"op":"move","from":"/o","path":"/o/p"}]""")]
    [InlineData("""[{"op":"frob","path":"/a"}]""")]
    [InlineData("""[{"path":"/a"}]""")]
    public void What_cannot_be_done_is_refused_with_422_and_changes_nothing(string patch)
    {
        JsonNode before = JsonNode.Parse("""{"a":1,"l":[],"o":{"p":1}}""")!;

        ApiException refusal = Assert.Throws<ApiException>(() => JsonPatch.Apply(before, JsonNode.Parse(patch)));

        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"the server rejected our request due to an error in our request","reason":"Invalid","details":{},"code":422}""",
            refusal.ToStatus().ToJsonString());
        Assert.Equal("""{"a":1,"l":[],"o":{"p":1}}""", before.ToJsonString());
    }

    [Fact]
    public void A_patch_that_is_no_list_of_operations_is_a_bad_request()
    {
        Assert.Equal(400, Assert.Throws<ApiException>(() => JsonPatch.Apply(new JsonObject(), new JsonObject())).Code);
        Assert.Equal(400, Assert.Throws<ApiException>(() => JsonPatch.Apply(new JsonObject(), new JsonArray(1))).Code);
    }
}
