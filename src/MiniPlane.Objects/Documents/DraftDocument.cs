using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// An object ready to be committed: encoded once, with a hole where its <c>resourceVersion</c> goes, so that the store's
/// single writer only has to copy bytes around the revision.
/// </summary>
public sealed class DraftDocument
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
        MaxDepth = 1000,
    };

    private readonly byte[] _before;
    private readonly byte[] _after;

    private DraftDocument(byte[] before, byte[] after)
    {
        _before = before;
        _after = after;
    }

    /// <summary>
    /// Encodes <paramref name="json"/> canonically: <c>kind</c>, <c>apiVersion</c>, <c>metadata</c>, then the rest in the
    /// order given. Any <c>metadata.resourceVersion</c> is left out; <see cref="Stamp"/> writes it.
    /// </summary>
    public static DraftDocument From(JsonObject json)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        int hole;
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            WriteIfPresent(writer, json, "kind");
            WriteIfPresent(writer, json, "apiVersion");
            writer.WritePropertyName("metadata");
            writer.WriteStartObject();
            writer.Flush();
            hole = buffer.WrittenCount;
            WriteMetadata(writer, json["metadata"] as JsonObject ?? []);
            writer.WriteEndObject();
            WriteRest(writer, json);
            writer.WriteEndObject();
        }

        ReadOnlySpan<byte> all = buffer.WrittenSpan;
        return new DraftDocument(all[..hole].ToArray(), all[hole..].ToArray());
    }

    /// <summary>The same object at a new revision, as a deletion needs it.</summary>
    public static DraftDocument From(ObjectDocument document) => From(document.ToJson());

    /// <summary>The finished document at <paramref name="revision"/>.</summary>
    public ObjectDocument Stamp(long revision)
    {
        bool isLast = _after[0] == (byte)'}';
        string text = string.Create(
            CultureInfo.InvariantCulture, $"\"resourceVersion\":\"{revision}\"{(isLast ? "" : ",")}");
        byte[] utf8 = new byte[_before.Length + text.Length + _after.Length];
        _before.CopyTo(utf8, 0);
        Encoding.ASCII.GetBytes(text, utf8.AsSpan(_before.Length));
        _after.CopyTo(utf8, _before.Length + text.Length);
        return new ObjectDocument(utf8, revision);
    }

    private static void WriteMetadata(Utf8JsonWriter writer, JsonObject metadata)
    {
        foreach ((string name, JsonNode? value) in metadata)
        {
            if (name != "resourceVersion")
            {
                WriteProperty(writer, name, value);
            }
        }
    }

    private static void WriteRest(Utf8JsonWriter writer, JsonObject json)
    {
        foreach ((string name, JsonNode? value) in json)
        {
            if (name is not ("kind" or "apiVersion" or "metadata"))
            {
                WriteProperty(writer, name, value);
            }
        }
    }

    private static void WriteIfPresent(Utf8JsonWriter writer, JsonObject json, string name)
    {
        if (json.TryGetPropertyValue(name, out JsonNode? value))
        {
            WriteProperty(writer, name, value);
        }
    }

    private static void WriteProperty(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            value.WriteTo(writer);
        }
    }
}
