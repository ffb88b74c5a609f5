using System.Text;
using System.Text.Json;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>Parts of stored documents, found without parsing the rest, so that answers can be put together from stored bytes.</summary>
internal static class DocumentSlices
{
    /// <summary>How every stored object of this kind begins: <c>{"kind":"…","apiVersion":"…",</c>.</summary>
    public static byte[] Head(KindDefinition kind) =>
        Encoding.UTF8.GetBytes($"{{\"kind\":\"{kind.Kind}\",\"apiVersion\":\"{kind.ApiVersion}\",");

    /// <summary>The document after its head, or nothing when it begins otherwise.</summary>
    public static ReadOnlyMemory<byte> AfterHead(ObjectDocument document, byte[] head) =>
        document.Utf8.Span.StartsWith(head) ? document.Utf8[head.Length..] : default;

    /// <summary>The value of <c>metadata</c>.</summary>
    public static ReadOnlyMemory<byte> Metadata(ObjectDocument document)
    {
        var reader = new Utf8JsonReader(document.Utf8.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isMetadata = reader.ValueTextEquals("metadata"u8);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isMetadata)
            {
                return document.Utf8[start..(int)reader.BytesConsumed];
            }
        }

        return "{}"u8.ToArray();
    }
}
