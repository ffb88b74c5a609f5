using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// An object ready to be committed: encoded once, with a hole where its <c>resourceVersion</c> goes, so that the store's
/// single writer only has to copy bytes around the revision.
/// </summary>
public sealed class DraftDocument
{
    private readonly byte[] _utf8;
    private readonly int _hole;
    private readonly object? _prepared;

    private DraftDocument(byte[] utf8, int hole, object? prepared)
    {
        _utf8 = utf8;
        _hole = hole;
        _prepared = prepared;
    }

    /// <summary>
    /// Encodes <paramref name="json"/> canonically: <c>kind</c>, <c>apiVersion</c>, <c>metadata</c>, then the rest in the
    /// order given. Any <c>metadata.resourceVersion</c> is left out; <see cref="Stamp"/> writes it.
    /// </summary>
    /// <param name="json">The object.</param>
    /// <param name="prepared">What the finished document has as <see cref="ObjectDocument.Prepared"/> from the start.</param>
    public static DraftDocument From(JsonObject json, object? prepared = null)
    {
        using var scratch = JsonScratch.Take();
        Utf8JsonWriter writer = scratch.Writer;
        writer.WriteStartObject();
        WriteIfPresent(writer, json, "kind");
        WriteIfPresent(writer, json, "apiVersion");
        writer.WritePropertyName("metadata");
        writer.WriteStartObject();
        int hole = scratch.Written.Length;
        WriteMetadata(writer, json["metadata"] as JsonObject ?? []);
        writer.WriteEndObject();
        WriteRest(writer, json);
        writer.WriteEndObject();
        return new DraftDocument(scratch.Written.ToArray(), hole, prepared);
    }

    /// <summary>The same object at a new revision, as a deletion needs it.</summary>
    public static DraftDocument From(ObjectDocument document) => From(document, document.MetadataToJson());

    /// <summary>The same object with other metadata; the rest is copied as it is stored.</summary>
    public static DraftDocument From(ObjectDocument document, JsonObject metadata)
    {
        using var scratch = JsonScratch.Take();
        scratch.Writer.WriteStartObject();
        int hole = scratch.Written.Length;
        WriteMetadata(scratch.Writer, metadata);
        scratch.Writer.WriteEndObject();
        ReadOnlySpan<byte> before = document.Utf8.Span[..document.Metadata.Start];
        ReadOnlySpan<byte> after = document.Utf8.Span[document.Metadata.End..];
        return new DraftDocument([.. before, .. scratch.Written, .. after], before.Length + hole, prepared: null);
    }

    /// <summary>The finished document at <paramref name="revision"/>.</summary>
    public ObjectDocument Stamp(long revision)
    {
        ReadOnlySpan<byte> before = _utf8.AsSpan(0, _hole);
        ReadOnlySpan<byte> after = _utf8.AsSpan(_hole);
        bool isLast = after[0] == (byte)'}';
        string text = string.Create(
            CultureInfo.InvariantCulture, $"\"resourceVersion\":\"{revision}\"{(isLast ? "" : ",")}");
        byte[] utf8 = GC.AllocateUninitializedArray<byte>(_utf8.Length + text.Length);
        before.CopyTo(utf8);
        Encoding.ASCII.GetBytes(text, utf8.AsSpan(_hole));
        after.CopyTo(utf8.AsSpan(_hole + text.Length));
        return new ObjectDocument(utf8, revision) { Prepared = _prepared };
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
