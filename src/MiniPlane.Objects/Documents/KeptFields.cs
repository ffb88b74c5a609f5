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

    public JsonObject Read(ObjectDocument document) => Object(document.Utf8.Span, 0, out _);

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

    // Each byte is passed once: what is inside tells where it ends.
    private JsonNode? Value(ReadOnlySpan<byte> utf8, int start, out int end)
    {
        switch (utf8[start])
        {
            case (byte)'{' when _fields.Count > 0:
                return Object(utf8, start, out end);
            case (byte)'[' when _fields.Count > 0:
                return Array(utf8, start, out end);
            default:
                end = StoredText.EndOfValue(utf8, start);
                return StoredJson.ParseValue(utf8[start..end]);
        }
    }

    private JsonObject Object(ReadOnlySpan<byte> utf8, int start, out int end)
    {
        var json = new JsonObject();
        var properties = new StoredProperties(utf8, start);
        while (properties.MoveNext())
        {
            foreach ((byte[] name, string text, KeptFields inner) in _fields)
            {
                if (properties.Name.SequenceEqual(name))
                {
                    json[text] = inner.Value(utf8, properties.Start, out int after);
                    properties.End = after;
                    break;
                }
            }
        }

        end = properties.End;
        return json;
    }

    private JsonArray Array(ReadOnlySpan<byte> utf8, int start, out int end)
    {
        var json = new JsonArray();
        var items = new StoredItems(utf8, start);
        while (items.MoveNext())
        {
            json.Add(Value(utf8, items.Start, out int after));
            items.End = after;
        }

        end = items.End;
        return json;
    }
}
