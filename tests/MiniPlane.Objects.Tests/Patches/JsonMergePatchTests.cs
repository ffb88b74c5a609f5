using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Patches;

namespace MiniPlane.Objects.Tests.Patches;

public sealed class JsonMergePatchTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":["c",null]}""", """{"a":["c",null]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":"x"}""", """{"a":{"b":{"c":null,"d":1}}}""", """{"a":{"b":{"d":1}}}""")]
    public void Objects_merge_as_RFC_7386_says(string original, string patch, string expected)
    {
        var before = JsonNode.Parse(original)!.AsObject();

        Assert.Equal(expected, JsonMergePatch.Apply(before, JsonNode.Parse(patch)).ToJsonString());
        Assert.Equal(original, before.ToJsonString());
        Assert.Same(before, JsonMergePatch.ApplyTo(before, JsonNode.Parse(patch)));
        Assert.Equal(expected, before.ToJsonString());
    }

    [Fact]
    public void A_patch_that_is_no_object_is_a_bad_request()
    {
        Assert.Equal("BadRequest", Assert.Throws<ApiException>(() => JsonMergePatch.Apply([], new JsonArray())).Reason);
    }
}
