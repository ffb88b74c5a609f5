using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Discovery;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>What one aggregated group and version publishes: its OpenAPI 3 document as it is, and its part of an OpenAPI 2 document.</summary>
internal sealed class AggregatedSchemas(byte[]? v3, byte[]? v2, AggregatedApi api)
{
    private const string Reference = "#/definitions/";
    private readonly byte[]? _v3 = v3;

    public AggregatedApi Api => api;

    public ServedDocument? V3 { get; } = v3 is null ? null : new ServedDocument(v3, "application/json");

    /// <summary>Null when the server has none.</summary>
    public byte[]? V2 => v2;

    public bool SameAs(AggregatedSchemas other) => api == other.Api && Same(_v3, other._v3) && Same(v2, other.V2);

    /// <summary>
    /// Adds the paths of this group and version, and the definitions that they and its kinds need. A name that is taken keeps its
    /// definition: both mean the same shared type in practice.
    /// </summary>
    public void AddTo(JsonObject document)
    {
        JsonObject theirs = JsonNode.Parse(v2 ?? "{}"u8)?.AsObject() ?? [];
        JsonObject paths = document.Ensure("paths");
        JsonObject definitions = document.Ensure("definitions");
        JsonObject all = theirs.Object("definitions") ?? [];
        var wanted = new Queue<string>(all.Where(pair => IsOfKind(pair.Value)).Select(pair => pair.Key));
        foreach ((string path, JsonNode? value) in theirs.Object("paths") ?? [])
        {
            if (path == api.BasePath || path.StartsWith(api.BasePath + "/", StringComparison.Ordinal))
            {
                paths[path] = value?.DeepClone();
                Collect(value, wanted);
            }
        }

        while (wanted.TryDequeue(out string? name))
        {
            if (!definitions.ContainsKey(name) && all[name] is { } definition)
            {
                definitions[name] = definition.DeepClone();
                Collect(definition, wanted);
            }
        }
    }

    private bool IsOfKind(JsonNode? definition) => definition.Objects("x-kubernetes-group-version-kind")
        .Any(kind => kind.Text("group") == api.Group && kind.Text("version") == api.Version);

    private static void Collect(JsonNode? node, Queue<string> names)
    {
        switch (node)
        {
            case JsonObject map:
                if (map.Text("$ref") is { } target && target.StartsWith(Reference, StringComparison.Ordinal))
                {
                    names.Enqueue(target[Reference.Length..]);
                }

                foreach ((string _, JsonNode? below) in map)
                {
                    Collect(below, names);
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    Collect(item, names);
                }

                break;
            default:
                break;
        }
    }

    private static bool Same(byte[]? left, byte[]? right) =>
        left is null || right is null ? left is null && right is null : left.AsSpan().SequenceEqual(right);
}
