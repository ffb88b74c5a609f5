using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Patches;

namespace MiniPlane.Objects.Tests.Patches;

public sealed class StrategicMergePatchTests
{
    private const string TwoContainers = """{"containers":[{"name":"a","image":"1","args":["x"]},{"name":"b","image":"2"}]}""";

    [Theory]
    [InlineData("""{"containers":[{"name":"b","image":"3"}]}""", """[{"name":"a","image":"1","args":["x"]},{"name":"b","image":"3"}]""")]
    [InlineData("""{"containers":[{"name":"c","image":"3"}]}""", """[{"name":"c","image":"3"},{"name":"a","image":"1","args":["x"]},{"name":"b","image":"2"}]""")]
    [InlineData("""{"containers":[{"name":"a","$patch":"delete"}]}""", """[{"name":"b","image":"2"}]""")]
    [InlineData("""{"containers":[{"name":"z","image":"9"},{"$patch":"replace"}]}""", """[{"name":"z","image":"9"}]""")]
    [InlineData("""{"containers":[{"name":"a","args":null}]}""", """[{"name":"a","image":"1"},{"name":"b","image":"2"}]""")]
    [InlineData("""{"containers":[{"name":"a","args":["y"]}]}""", """[{"name":"a","image":"1","args":["y"]},{"name":"b","image":"2"}]""")]
    [InlineData("""{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}""", """[{"name":"b","image":"2"},{"name":"a","image":"1","args":["x"]}]""")]
    [InlineData("""{"$setElementOrder/containers":[{"name":"b"},{"name":"c"}],"containers":[{"name":"c","image":"3"}]}""", """[{"name":"a","image":"1","args":["x"]},{"name":"b","image":"2"},{"name":"c","image":"3"}]""")]
    public void Lists_with_a_merge_key_merge_by_it(string patch, string expected)
    {
        Assert.Equal(expected, ApplyToPodSpec(TwoContainers, patch)["containers"]?.ToJsonString());
    }

    [Fact]
    public void Scalar_lists_that_merge_are_sets()
    {
        const string meta = """{"finalizers":["a","b"]}""";

        Assert.Equal("""{"finalizers":["a","b","c"]}""", ApplyToMeta(meta, """{"finalizers":["b","c"]}"""));
        Assert.Equal("""{"finalizers":["b"]}""", ApplyToMeta(meta, """{"$deleteFromPrimitiveList/finalizers":["a"]}"""));
        Assert.Equal("""{"finalizers":["c","b"]}""", ApplyToMeta(
            meta,
            """{"$setElementOrder/finalizers":["c","b"],"$deleteFromPrimitiveList/finalizers":["a"],"finalizers":["c"]}"""));
    }

    [Fact]
    public void Maps_merge_and_directives_replace_or_delete_them()
    {
        const string meta = """{"labels":{"a":"1","b":"2"}}""";

        Assert.Equal("""{"labels":{"b":"2","c":"3"}}""", ApplyToMeta(meta, """{"labels":{"a":null,"c":"3"}}"""));
        Assert.Equal("""{"labels":{"c":"3"}}""", ApplyToMeta(meta, """{"labels":{"c":"3","$patch":"replace"}}"""));
        Assert.Equal("""{"labels":{}}""", ApplyToMeta(meta, """{"labels":{"$patch":"delete"}}"""));
    }

    [Fact]
    public void Retained_keys_drop_all_others()
    {
        JsonObject result = Apply(
            """{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}""",
            """{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}""",
            "apps.v1.DeploymentSpec");

        Assert.Equal("""{"strategy":{"type":"Recreate"}}""", result.ToJsonString());
    }

    [Fact]
    public void A_new_object_or_list_comes_without_nulls_and_directives()
    {
        JsonObject result = ApplyToPodSpec(
            "{}", """{"securityContext":{"runAsUser":1,"fsGroup":null},"containers":[{"name":"a","image":null},{"name":"b","$patch":"delete"}]}""");

        Assert.Equal("""{"securityContext":{"runAsUser":1},"containers":[{"name":"a"}]}""", result.ToJsonString());
    }

    [Fact]
    public void Ports_merge_by_their_number_and_tolerations_are_replaced()
    {
        JsonObject result = ApplyToPodSpec(
            """{"tolerations":[{"key":"a"}],"containers":[{"name":"a","ports":[{"containerPort":80},{"containerPort":81}]}]}""",
            """{"tolerations":[{"key":"b"}],"containers":[{"name":"a","ports":[{"containerPort":80,"name":"web"}]}]}""");

        Assert.Equal(
            """{"tolerations":[{"key":"b"}],"containers":[{"name":"a","ports":[{"containerPort":80,"name":"web"},{"containerPort":81}]}]}""",
            result.ToJsonString());
    }

    [Theory]
    [InlineData("""{"containers":[{"image":"x"}]}""", 500)]
    [InlineData("""{"containers":[{"name":"a","$patch":"frob"}]}""", 400)]
    [InlineData("""{"$patch":"frob"}""", 400)]
    [InlineData("""{"$setElementOrder/containers":7}""", 400)]
    [InlineData("""{"$setElementOrder/containers":[{"name":"b"}],"containers":[{"name":"a","image":"x"}]}""", 500)]
    [InlineData("""{"$deleteFromPrimitiveList/containers":[{}]}""", 400)]
    [InlineData("""{"$retainKeys":7}""", 400)]
    [InlineData("""{"$retainKeys":["volumes"],"hostname":"x"}""", 422)]
    public void A_patch_that_cannot_be_understood_is_refused(string patch, int code)
    {
        Assert.Equal(code, Assert.Throws<ApiException>(() => ApplyToPodSpec(TwoContainers, patch)).Code);
    }

    [Fact]
    public void The_original_is_left_alone()
    {
        var original = JsonNode.Parse(TwoContainers)!.AsObject();

        StrategicMergePatch.Apply(original, JsonNode.Parse("""{"containers":[{"name":"a","$patch":"delete"}]}"""), Type("core.v1.PodSpec"));

        Assert.Equal(TwoContainers, original.ToJsonString());
    }

    private static JsonObject ApplyToPodSpec(string original, string patch) => Apply(original, patch, "core.v1.PodSpec");

    private static string ApplyToMeta(string original, string patch) => Apply(original, patch, "meta.v1.ObjectMeta").ToJsonString();

    private static JsonObject Apply(string original, string patch, string type) =>
        StrategicMergePatch.Apply(JsonNode.Parse(original)!.AsObject(), JsonNode.Parse(patch), Type(type));

    private static TypeDefinition Type(string name) => BuiltInCatalogue.Instance.FindType(name)!;
}
