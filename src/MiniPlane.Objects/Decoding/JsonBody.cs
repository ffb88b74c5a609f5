using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Decoding;

/// <summary>
/// A parsed JSON text as Go's decoder sees it: when a key comes twice, the last value counts; the paths of such keys are
/// kept for strict decoding.
/// </summary>
public sealed class JsonBody
{
    /// <summary>Deeper nesting is refused (upstream's decoder has the same order of limit).</summary>
    public const int LargestDepth = 512;

    private const int MostDuplicates = 100;

    private readonly List<string> _duplicates = [];

    private JsonBody()
    {
    }

    public JsonNode? Root { get; private set; }

    /// <summary>Paths such as <c>spec.containers[0].image</c>.</summary>
    public IReadOnlyList<string> Duplicates => _duplicates;

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonBody Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = LargestDepth });
        var body = new JsonBody();
        reader.Read();
        body.Root = body.ReadValue(ref reader, "");
        if (reader.Read())
        {
            throw new JsonException("There is text after the JSON value.");
        }

        return body;
    }

    private JsonNode? ReadValue(ref Utf8JsonReader reader, string path) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, path),
        JsonTokenType.StartArray => ReadArray(ref reader, path),
        JsonTokenType.Null => null,
        _ => JsonNode.Parse(ref reader),
    };

    private JsonObject ReadObject(ref Utf8JsonReader reader, string path)
    {
        var map = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString() ?? "";
            string below = path.Length == 0 ? name : $"{path}.{name}";
            reader.Read();
            JsonNode? value = ReadValue(ref reader, below);
            if (!map.TryAdd(name, value))
            {
                map[name] = value;
                if (_duplicates.Count < MostDuplicates)
                {
                    _duplicates.Add(below);
                }
            }
        }

        return map;
    }

    private JsonArray ReadArray(ref Utf8JsonReader reader, string path)
    {
        var list = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(ReadValue(ref reader, $"{path}[{list.Count}]"));
        }

        return list;
    }
}
