using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Decoding;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// Reads a stored object with only some of its fields: what a printer looks at is a small part of a pod, and making nodes of the rest
/// costs far more than skipping it.
/// </summary>
public sealed class KeptFields
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

    public JsonObject Read(ObjectDocument document) => Object(document.Utf8.Span);

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

    private JsonNode? Value(ReadOnlySpan<byte> utf8) => utf8[0] switch
    {
        (byte)'{' when _fields.Count > 0 => Object(utf8),
        (byte)'[' when _fields.Count > 0 => Array(utf8),
        _ => StoredJson.ParseValue(utf8),
    };

    private JsonObject Object(ReadOnlySpan<byte> utf8)
    {
        var json = new JsonObject();
        var properties = new StoredProperties(utf8, 0);
        while (properties.MoveNext())
        {
            foreach ((byte[] name, string text, KeptFields inner) in _fields)
            {
                if (properties.Name.SequenceEqual(name))
                {
                    json[text] = inner.Value(properties.Value);
                    break;
                }
            }
        }

        return json;
    }

    private JsonArray Array(ReadOnlySpan<byte> utf8)
    {
        var json = new JsonArray();
        var items = new StoredItems(utf8);
        while (items.MoveNext())
        {
            json.Add(Value(items.Value));
        }

        return json;
    }
}
