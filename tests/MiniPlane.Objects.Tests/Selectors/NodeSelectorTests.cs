using System.Text.Json.Nodes;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Objects.Tests.Selectors;

public sealed class NodeSelectorTests
{
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal) { ["gpu"] = "a100", ["cores"] = "64" };

    [Theory]
    [InlineData("null", false)]
    [InlineData("""{"nodeSelectorTerms":[{}]}""", false)]
    [InlineData("""{"nodeSelectorTerms":[{"matchExpressions":[{"key":"gpu","operator":"In","values":["h100"]}]},{"matchExpressions":[{"key":"cores","operator":"Gt","values":["32"]}]}]}""", true)]
    [InlineData("""{"nodeSelectorTerms":[{"matchFields":[{"key":"metadata.name","operator":"In","values":["n1"]}]}]}""", true)]
    [InlineData("""{"nodeSelectorTerms":[{"matchExpressions":[{"key":"gpu","operator":"Exists"}],"matchFields":[{"key":"metadata.name","operator":"NotIn","values":["n1"]}]}]}""", false)]
    public void One_term_must_match_in_all_its_parts(string json, bool matches)
    {
        Assert.Equal(matches, NodeSelector.FromJson(JsonNode.Parse(json)).Matches(Labels, "n1"));
    }
}
