using System.Text.Json.Nodes;
using MiniPlane.Objects.Apply;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Decoding;

namespace MiniPlane.Objects.Tests.Apply;

public class ConfigurationSchemaTests
{
    [Fact]
    public void An_unknown_field_is_one_that_the_schema_does_not_declare() => Assert.Equal(
        [".spec.foo: field not declared in schema"],
        Problems("{}", "unknown field \"spec.foo\"", "duplicate field \"spec.bar\""));

    [Theory]
    [InlineData(
        """{"spec":{"template":{"spec":{"containers":[{"name":"c"},{"name":"c"}]} } } }""",
        ".spec.template.spec.containers: duplicate entries for key [name=\"c\"]")]
    [InlineData(
        """{"spec":{"template":{"spec":{"containers":[{"name":"c","ports":[{"containerPort":1},{"containerPort":1,"protocol":"TCP"}]}]} } } }""",
        ".spec.template.spec.containers[name=\"c\"].ports: duplicate entries for key [containerPort=1,protocol=\"TCP\"]")]
    [InlineData("""{"metadata":{"finalizers":["a","a"]} }""", ".metadata.finalizers: duplicate entries for key [=\"a\"]")]
    public void Items_must_be_told_apart(string configuration, string problem) => Assert.Equal([problem], Problems(configuration));

    [Fact]
    public void Zeros_and_nulls_stay_where_decoding_leaves_them_out()
    {
        JsonObject written = Parse("""{"a":{"no":false,"nil":null,"cpu":"1000m"},"list":[{"b":0,"c":1}],"e":[]}""");
        JsonObject decoded = Parse("""{"a":{"cpu":"1"},"list":[{"c":1}]}""");

        JsonObject whole = ConfigurationSchema.WithEmpties(written, decoded);

        Assert.Equal("""{"a":{"no":false,"nil":null,"cpu":"1"},"list":[{"b":0,"c":1}],"e":[]}""", whole.ToJsonString());
    }

    [Fact]
    public void A_configuration_that_is_decoded_whole_keeps_its_zeros_and_nulls()
    {
        const string Written = """{"metadata":{"labels":{}},"spec":{"replicas":null,"paused":false,"template":{"spec":{"containers":[{"name":"a","env":[]}]}}}}""";

        Assert.Equal(Written, ObjectDecoder.DecodeWhole(Parse(Written), BuiltInKinds.Deployment).Json.ToJsonString());
        Assert.Equal(
            """{"metadata":{},"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}""",
            ObjectDecoder.Decode(Parse(Written), BuiltInKinds.Deployment).Json.ToJsonString());
    }

    private static IReadOnlyList<string> Problems(string configuration, params string[] decoding) =>
        ConfigurationSchema.Problems(BuiltInKinds.Deployment.Type, Parse(configuration), decoding);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
