using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Tests.Documents;

public sealed class KeptFieldsTests
{
    [Theory]
    [InlineData("""{"metadata":{"name":"a","uid":"u"},"spec":{"x":1},"status":{"phase":"Running","c":[{"d":null}]}}""",
        """{"metadata":{"name":"a"},"status":{"phase":"Running","c":[{"d":null}]}}""")]
    [InlineData("""{"metadata":{},"items":[{"name":"a","b":1},{"b":2},7,null,[{"name":"c"}]]}""",
        """{"metadata":{},"items":[{"name":"a"},{},7,null,[{"name":"c"}]]}""")]
    [InlineData("""{ "metadata" : { "uid" : {"a":[1,{}]}, "name" : "x" } , "items" : [ {"name":[{}]} , {"b":[1]} ] , "status" : 1 }""",
        """{"metadata":{"name":"x"},"items":[{"name":[{}]},{}],"status":1}""")]
    [InlineData("""{"metadata":"odd","status":null,"items":{"name":[1,2]}}""", """{"metadata":"odd","status":null,"items":{"name":[1,2]}}""")]
    public void Only_what_is_named_is_read(string text, string expected)
    {
        var fields = new KeptFields("metadata.name", "items.name", "status");
        Assert.Equal(expected, fields.Read(new ObjectDocument(System.Text.Encoding.UTF8.GetBytes(text), 1)).ToJsonString());
    }
}
