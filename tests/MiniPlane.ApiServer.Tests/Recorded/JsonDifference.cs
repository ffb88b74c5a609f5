using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Recorded;

/// <summary>One place where an answer is not what was recorded.</summary>
internal sealed record JsonDifference(string Path, string Expected, string Actual)
{
    public static IEnumerable<JsonDifference> Between(JsonNode? expected, JsonNode? actual, string path = "")
    {
        switch (expected, actual)
        {
            case (JsonObject wanted, JsonObject got):
                return wanted.Select(pair => pair.Key).Union(got.Select(pair => pair.Key), StringComparer.Ordinal)
                    .SelectMany(key => Field(wanted, got, key, $"{path}.{key}"));
            case (JsonArray wanted, JsonArray got) when wanted.Count == got.Count:
                return wanted.Zip(got).SelectMany((pair, index) => Between(pair.First, pair.Second, $"{path}[{index}]"));
            default:
                return JsonNode.DeepEquals(expected, actual) ? [] : [new JsonDifference(path, Text(expected), Text(actual))];
        }
    }

    private static IEnumerable<JsonDifference> Field(JsonObject expected, JsonObject actual, string key, string path) =>
        (expected.ContainsKey(key), actual.ContainsKey(key)) switch
        {
            (true, false) => [new JsonDifference(path, Text(expected[key]), "nothing")],
            (false, true) => [new JsonDifference(path, "nothing", Text(actual[key]))],
            _ => Between(expected[key], actual[key], path),
        };

    private static string Text(JsonNode? node) => node is null ? "null" : node.Compacted();
}
