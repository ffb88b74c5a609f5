using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// What an apply configuration must keep to beyond what every body must: each field is declared, each item of a list with keys can be
/// told from the others (structured-merge-diff, typed.AsTyped).
/// </summary>
public static class ConfigurationSchema
{
    private const string Unknown = "unknown field \"";

    /// <summary>What is wrong with a configuration, in upstream's words; empty when nothing is.</summary>
    /// <param name="type">The configuration's type.</param>
    /// <param name="configuration">The configuration as it was written.</param>
    /// <param name="decoding">What its decoding found (<see cref="Decoding.DecodedObject.Problems"/>).</param>
    public static IReadOnlyList<string> Problems(TypeDefinition type, JsonObject configuration, IEnumerable<string> decoding)
    {
        List<string> problems =
        [
            .. decoding
                .Where(problem => problem.StartsWith(Unknown, StringComparison.Ordinal))
                .Select(problem => $".{problem[Unknown.Length..^1]}: field not declared in schema"),
        ];
        CheckMap(SchemaNode.Root(type), configuration, [], problems);
        return problems;
    }

    /// <summary>
    /// The configuration with the values of its decoded form, and with the zeros, nulls and empty lists that decoding leaves out: they
    /// are owned, and they clear what is there. Takes over <paramref name="decoded"/>.
    /// </summary>
    public static JsonObject WithEmpties(JsonObject configuration, JsonObject decoded)
    {
        var result = new JsonObject();
        foreach ((string name, JsonNode? written) in configuration)
        {
            result[name] = decoded.ContainsKey(name) ? WithEmpties(written, decoded[name]) : written?.DeepClone();
        }

        return result;
    }

    private static JsonNode? WithEmpties(JsonNode? written, JsonNode? decoded)
    {
        switch (written, decoded)
        {
            case (JsonObject map, JsonObject other):
                return WithEmpties(map, other);
            case (JsonArray list, JsonArray other) when list.Count == other.Count:
                var items = new JsonArray();
                for (int at = 0; at < list.Count; at++)
                {
                    items.Add(WithEmpties(list[at], other[at]));
                }

                return items;
            default:
                return decoded?.DeepClone();
        }
    }

    private static void Check(SchemaNode schema, JsonNode? value, List<string> path, List<string> problems)
    {
        if (value is JsonObject map && schema.IsGranularMap)
        {
            CheckMap(schema, map, path, problems);
        }
        else if (value is JsonArray list && schema.IsGranularList)
        {
            CheckList(schema, list, path, problems);
        }
    }

    private static void CheckMap(SchemaNode schema, JsonObject map, List<string> path, List<string> problems)
    {
        foreach ((string name, JsonNode? below) in map)
        {
            path.Add(PathElements.Field(name));
            Check(schema.Below(name), below, path, problems);
            path.RemoveAt(path.Count - 1);
        }
    }

    private static void CheckList(SchemaNode schema, JsonArray list, List<string> path, List<string> problems)
    {
        var seen = new HashSet<string>(list.Count, StringComparer.Ordinal);
        for (int at = 0; at < list.Count; at++)
        {
            if (schema.MissingKey(list[at]) is { } key)
            {
                problems.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{PathElements.Format(path)}: element {at}: associative list with keys has an element that omits key field \"{key}\" (and doesn't have default value)"));
                continue;
            }

            string element = schema.ItemElement(list[at]);
            if (!seen.Add(element))
            {
                problems.Add($"{PathElements.Format(path)}: duplicate entries for key {PathElements.Format([element])}");
            }

            path.Add(element);
            Check(schema.Item(), list[at], path, problems);
            path.RemoveAt(path.Count - 1);
        }
    }
}
