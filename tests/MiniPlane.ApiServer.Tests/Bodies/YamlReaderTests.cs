using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Bodies;

namespace MiniPlane.ApiServer.Tests.Bodies;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("a: yes", """{"a":true}""")]
    [InlineData("a: \"yes\"", """{"a":"yes"}""")]
    [InlineData("a: 0644", """{"a":420}""")]
    [InlineData("a: 1_000", """{"a":1000}""")]
    [InlineData("a: 1.5", """{"a":1.5}""")]
    [InlineData("a: 2026-01-01", """{"a":"2026-01-01"}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a: 1Gi", """{"a":"1Gi"}""")]
    [InlineData("1: x", """{"1":"x"}""")]
    [InlineData("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2", """{"a":{"b":1},"c":{"d":2,"b":1}}""")]
    [InlineData("a: |\n  one\n  two\n", "{\"a\":\"one\\ntwo\\n\"}")]
    public void A_scalar_means_what_yaml_1_1_says(string yaml, string json)
    {
        JsonNode? read = YamlReader.Read(Encoding.UTF8.GetBytes(yaml), []);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), read), read?.ToJsonString());
    }

    [Fact]
    public void Keys_that_come_twice_are_told_with_their_line()
    {
        var duplicates = new List<string>();

        YamlReader.Read("a:\n  b: 1\n  b: 2\n"u8, duplicates);

        Assert.Equal(["line 3: key \"b\" already set in map"], duplicates);
    }

    [Fact]
    public void An_alias_bomb_is_refused()
    {
        var bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int level = 1; level < 8; level++)
        {
            string previous = $"*a{level - 1}";
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{level}: &a{level} [{string.Join(',', Enumerable.Repeat(previous, 10))}]\n");
        }

        Assert.Throws<JsonException>(() => YamlReader.Read(Encoding.UTF8.GetBytes(bomb.ToString()), []));
    }
}
