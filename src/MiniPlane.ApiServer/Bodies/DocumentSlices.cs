using System.Text;
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
}
