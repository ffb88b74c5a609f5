using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.Tables;

/// <summary>
/// Reads an object with only some of its fields: what a printer looks at is a small part of a pod, and making nodes of the rest
/// costs more than skipping it.
/// </summary>
internal sealed class KeptFields
{
    private readonly List<(byte[] Utf8, string Name, KeptFields Inner)> _fields = [];

    /// <param name="paths">Field paths; a path through an array means each of its elements, a last field is kept whole.</param>
    public KeptFields(params ReadOnlySpan<string> paths)
    {
        foreach (string path in paths)
        {
            KeptFields at = this;
            foreach (string name in path.Split('.'))
            {
                at = at.Enter(name);
            }
        }
    }

    public JsonObject Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        reader.Read();
        return Value(ref reader)?.AsObject() ?? throw new JsonException("A stored object is not a JSON object.");
    }

    private KeptFields Enter(string name)
    {
        foreach ((_, string known, KeptFields inner) in _fields)
        {
            if (known == name)
            {
                return inner;
            }
        }

        var made = new KeptFields();
        _fields.Add((Encoding.UTF8.GetBytes(name), name, made));
        return made;
    }

    private JsonNode? Value(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        _ when _fields.Count == 0 => JsonNode.Parse(ref reader),
        JsonTokenType.StartObject => Object(ref reader),
        JsonTokenType.StartArray => Array(ref reader),
        _ => JsonNode.Parse(ref reader),
    };

    private JsonObject Object(ref Utf8JsonReader reader)
    {
        var json = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int found = Find(ref reader);
            reader.Read();
            if (found < 0)
            {
                reader.Skip();
            }
            else
            {
                json[_fields[found].Name] = _fields[found].Inner.Value(ref reader);
            }
        }

        return json;
    }

    private JsonArray Array(ref Utf8JsonReader reader)
    {
        var json = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            json.Add(Value(ref reader));
        }

        return json;
    }

    private int Find(ref Utf8JsonReader reader)
    {
        for (int i = 0; i < _fields.Count; i++)
        {
            if (reader.ValueTextEquals(_fields[i].Utf8))
            {
                return i;
            }
        }

        return -1;
    }
}
