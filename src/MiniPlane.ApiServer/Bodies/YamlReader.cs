using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>
/// YAML to JSON as sigs.k8s.io/yaml does it: the first document, YAML 1.1 scalars, anchors and merge keys, and a limit on what
/// aliases may expand to.
/// </summary>
internal sealed class YamlReader
{
    // An alias bomb is refused long before it fills the memory; honest manifests stay far below.
    private const int MaxNodes = 1_000_000;
    private const int MaxDepth = 512;

    private readonly Dictionary<AnchorName, JsonNode?> _anchors = [];
    private readonly IParser _parser;
    private readonly List<string> _duplicates;
    private int _nodes;

    private YamlReader(IParser parser, List<string> duplicates)
    {
        _parser = parser;
        _duplicates = duplicates;
    }

    /// <summary>Throws <see cref="JsonException"/> when the text is not YAML; keys given twice are told with their lines.</summary>
    public static JsonNode? Read(ReadOnlySpan<byte> utf8, List<string> duplicates)
    {
        using var text = new StringReader(Encoding.UTF8.GetString(utf8));
        try
        {
            var reader = new YamlReader(new Parser(text), duplicates);
            return reader.ReadDocument();
        }
        catch (YamlException exception)
        {
            throw new JsonException($"yaml: line {exception.Start.Line}: {exception.Message}", exception);
        }
    }

    private JsonNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }

        return ReadNode(0);
    }

    private JsonNode? ReadNode(int depth)
    {
        Count(1, depth);
        if (_parser.Current is AnchorAlias alias)
        {
            _parser.MoveNext();
            if (!_anchors.TryGetValue(alias.Value, out JsonNode? target))
            {
                throw new JsonException($"yaml: unknown anchor '{alias.Value}' referenced");
            }

            Count(Size(target), depth);
            return target?.DeepClone();
        }

        AnchorName anchor = _parser.Current is NodeEvent node ? node.Anchor : AnchorName.Empty;
        JsonNode? value = _parser.Current switch
        {
            MappingStart => ReadMapping(depth),
            SequenceStart => ReadSequence(depth),
            _ => YamlScalars.Resolve(_parser.Consume<Scalar>()),
        };
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = value?.DeepClone();
        }

        return value;
    }

    private JsonObject ReadMapping(int depth)
    {
        _parser.Consume<MappingStart>();
        JsonObject json = [];
        var merged = new List<JsonNode?>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            long line = _parser.Current?.Start.Line ?? 0;
            (string name, bool isMerge) = ReadKey();
            if (isMerge)
            {
                merged.Add(ReadNode(depth + 1));
                continue;
            }

            if (json.ContainsKey(name))
            {
                _duplicates.Add(string.Create(CultureInfo.InvariantCulture, $"line {line}: key \"{name}\" already set in map"));
            }

            json[name] = ReadNode(depth + 1);
        }

        foreach (JsonNode? source in merged)
        {
            Merge(json, source);
        }

        return json;
    }

    private (string Name, bool IsMerge) ReadKey()
    {
        if (_parser.Current is not Scalar)
        {
            throw new JsonException("yaml: a mapping key must be a scalar");
        }

        Scalar key = _parser.Consume<Scalar>();
        return (YamlScalars.KeyText(key), key is { Value: "<<", Style: ScalarStyle.Plain });
    }

    private static void Merge(JsonObject json, JsonNode? source)
    {
        if (source is JsonArray list)
        {
            foreach (JsonNode? one in list)
            {
                Merge(json, one);
            }

            return;
        }

        if (source is not JsonObject other)
        {
            throw new JsonException("yaml: map merge requires map or sequence of maps as the value");
        }

        foreach ((string name, JsonNode? value) in other)
        {
            if (!json.ContainsKey(name))
            {
                json[name] = value?.DeepClone();
            }
        }
    }

    private JsonArray ReadSequence(int depth)
    {
        _parser.Consume<SequenceStart>();
        JsonArray array = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            array.Add(ReadNode(depth + 1));
        }

        return array;
    }

    private void Count(int nodes, int depth)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes || depth > MaxDepth)
        {
            throw new JsonException("yaml: document contains excessive aliasing");
        }
    }

    private static int Size(JsonNode? node) => node switch
    {
        JsonObject json => 1 + json.Sum(pair => Size(pair.Value)),
        JsonArray array => 1 + array.Sum(Size),
        _ => 1,
    };
}
