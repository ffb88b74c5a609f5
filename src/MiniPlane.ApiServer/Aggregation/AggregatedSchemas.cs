using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Discovery;
using MiniPlane.ApiServer.OpenApi;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>What one aggregated group and version publishes: its OpenAPI 3 document as it is, and its part of an OpenAPI 2 document.</summary>
internal sealed class AggregatedSchemas
{
    private const string Reference = "#/definitions/";

    private readonly byte[]? _v3;
    private readonly byte[]? _v2;
    private readonly Lazy<ServedDocument?> _protobuf;

    public AggregatedSchemas(byte[]? v3, byte[]? v2, AggregatedApi api)
    {
        _v3 = v3;
        _v2 = v2;
        Api = api;
        V3 = v3 is not null ? new ServedDocument(v3, "application/json") : v2 is not null ? Converted() : null;
        _protobuf = new Lazy<ServedDocument?>(Encode);
    }

    public AggregatedApi Api { get; }

    /// <summary>What a server that publishes OpenAPI 2 only says is converted, as upstream does it.</summary>
    public ServedDocument? V3 { get; }

    /// <summary>Null where the document does not fit the message.</summary>
    public ServedDocument? V3Protobuf => _protobuf.Value;

    /// <summary>Null when the server has none.</summary>
    public byte[]? V2 => _v2;

    public bool SameAs(AggregatedSchemas other) => Api == other.Api && Same(_v3, other._v3) && Same(_v2, other._v2);

    /// <summary>
    /// Adds the paths of this group and version, and the definitions that they and its kinds need. A name that is taken keeps its
    /// definition: both mean the same shared type in practice.
    /// </summary>
    public void AddTo(JsonObject document)
    {
        JsonObject theirs = JsonNode.Parse(_v2 ?? "{}"u8)?.AsObject() ?? [];
        JsonObject paths = document.Ensure("paths");
        JsonObject definitions = document.Ensure("definitions");
        JsonObject all = theirs.Object("definitions") ?? [];
        var wanted = new Queue<string>(all.Where(pair => IsOfKind(pair.Value)).Select(pair => pair.Key));
        foreach ((string path, JsonNode? value) in theirs.Object("paths") ?? [])
        {
            if (path == Api.BasePath || path.StartsWith(Api.BasePath + "/", StringComparison.Ordinal))
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

    private ServedDocument? Converted()
    {
        try
        {
            var part = new JsonObject();
            AddTo(part);
            JsonNode? info = JsonNode.Parse(_v2 ?? "{}"u8)?["info"];
            return part.Object("paths") is { Count: > 0 }
                ? new ServedDocument(Registry.JsonBytes.Encode(SwaggerConversion.ToV3(part, info)), "application/json")
                : null;
        }
        catch (Exception error) when (error is InvalidOperationException or JsonException)
        {
            // Some other server's document need not be one.
            return null;
        }
    }

    private ServedDocument? Encode()
    {
        try
        {
            return V3 is { } json
                ? new ServedDocument(GnosticThreeDocument.Encode(json.Body), GnosticThreeDocument.MediaType) { Hash = json.Hash }
                : null;
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or JsonException)
        {
            return null;
        }
    }

    private bool IsOfKind(JsonNode? definition) => definition.Objects("x-kubernetes-group-version-kind")
        .Any(kind => kind.Text("group") == Api.Group && kind.Text("version") == Api.Version);

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
