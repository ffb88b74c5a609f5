using System.Globalization;
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
        body.Root = body.ReadValue(ref reader, null);
        if (reader.Read())
        {
            throw new JsonException("There is text after the JSON value.");
        }

        return body;
    }

    private JsonNode? ReadValue(ref Utf8JsonReader reader, Step? step) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, step),
        JsonTokenType.StartArray => ReadArray(ref reader, step),
        _ => JsonScalars.Read(ref reader),
    };

    private JsonObject ReadObject(ref Utf8JsonReader reader, Step? step)
    {
        var map = new JsonObject();
        var here = new Step(step);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = PropertyNames.Read(ref reader);
            here.Name = name;
            reader.Read();
            JsonNode? value = ReadValue(ref reader, here);
            if (!map.TryAdd(name, value))
            {
                map[name] = value;
                if (_duplicates.Count < MostDuplicates)
                {
                    _duplicates.Add(here.ToString());
                }
            }
        }

        return map;
    }

    private JsonArray ReadArray(ref Utf8JsonReader reader, Step? step)
    {
        var list = new JsonArray();
        var here = new Step(step);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            here.Index = list.Count;
            list.Add(ReadValue(ref reader, here));
        }

        return list;
    }

    /// <summary>Where the reader is: one per open object or array, written out only when there is something to tell.</summary>
    private sealed class Step(Step? parent)
    {
        public string? Name { get; set; }

        public int Index { get; set; }

        public override string ToString()
        {
            string before = parent?.ToString() ?? "";
            return Name is null
                ? string.Create(CultureInfo.InvariantCulture, $"{before}[{Index}]")
                : before.Length == 0 ? Name : $"{before}.{Name}";
        }
    }
}
