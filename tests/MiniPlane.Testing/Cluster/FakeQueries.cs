using System.Text.Json.Nodes;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Testing.Cluster;

/// <summary>List queries and merge patches, just enough for controllers.</summary>
internal static class FakeQueries
{
    public static bool Matches(ObjectDocument document, ListQuery query) =>
        (query.Namespace is null || query.Namespace == document.Metadata.Namespace)
        && (query.Labels is null || query.Labels.Matches(document.Metadata.Labels))
        && (query.Fields is null || MatchesFields(document, query.Fields));

    /// <summary>RFC 7386.</summary>
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        JsonObject merged = target is JsonObject current ? (JsonObject)current.DeepClone() : [];
        foreach ((string name, JsonNode? value) in changes)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Merge(merged[name], value);
            }
        }

        return merged;
    }

    private static bool MatchesFields(ObjectDocument document, string fields)
    {
        JsonObject json = document.ToJson();
        foreach (string term in fields.Split(','))
        {
            bool isNot = term.Contains("!=", StringComparison.Ordinal);
            string[] sides = term.Split(isNot ? "!=" : "=", 2);
            bool equal = json.TextOrEmpty(sides[0].Split('.')) == sides[1].TrimStart('=');
            if (equal == isNot)
            {
                return false;
            }
        }

        return true;
    }
}
