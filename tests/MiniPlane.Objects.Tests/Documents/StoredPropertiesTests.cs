using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Tests.Documents;

public sealed class StoredPropertiesTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":"","b":{"c":[{},[],"}"]},"d":null,"e":true,"f":-1.5e3}""")]
    [InlineData("""{"k:{\"name\":\"main\"}":{".":{}},"a\\":"\\","b":"\\\"]"}""")]
    [InlineData(""" { "a" : [ 1 , "x" ] , "b" : { } } """)]
    public void Every_property_has_the_text_of_its_value(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var expected = (JsonObject)JsonNode.Parse(text)!;
        var properties = new StoredProperties(utf8, 0);
        var found = new JsonObject();
        while (properties.MoveNext())
        {
            string name = JsonNode.Parse($"\"{Encoding.UTF8.GetString(properties.Name)}\"")!.GetValue<string>();
            found[name] = JsonNode.Parse(properties.Value);
        }

        Assert.Equal(expected.ToJsonString(), found.ToJsonString());
        Assert.Equal(text.TrimEnd().Length, properties.End);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"a""")]
    [InlineData("""{"a\""")]
    [InlineData("""{"a":""")]
    [InlineData("""{"a":}""")]
    [InlineData("""{"a":[1""")]
    [InlineData("""{"a":1 "b":2}""")]
    [InlineData("""{"a":]}""")]
    public void What_is_no_JSON_object_is_told(string text) => Assert.Throws<JsonException>(() => Walk(text));

    private static void Walk(string text)
    {
        var properties = new StoredProperties(Encoding.UTF8.GetBytes(text), 0);
        while (properties.MoveNext())
        {
        }
    }
}
