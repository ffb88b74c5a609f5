using System.Buffers.Binary;
using System.Text.Json;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Protobuf;

/// <summary>
/// Writes <c>application/vnd.kubernetes.protobuf</c>: the bytes <c>k8s\0</c>, then a runtime.Unknown message with the type's name and
/// the object. A watch sends frames: four bytes of length, then a WatchEvent that holds such an object.
/// </summary>
public static class ProtobufEncoder
{
    private const int LengthBytes = sizeof(int);

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>An object, from its JSON.</summary>
    public static ReadOnlyMemory<byte> Encode(string apiVersion, string kind, TypeDefinition type, ReadOnlyMemory<byte> utf8)
    {
        var buffer = new ProtobufBuffer(utf8.Length + 64);
        int start = BeginObject(buffer, apiVersion, kind);
        WriteObject(buffer, type, utf8);
        EndObject(buffer, start);
        return buffer.Written;
    }

    /// <summary>Begins an object whose message the caller writes; <see cref="EndObject"/> gets the returned mark.</summary>
    public static int BeginObject(ProtobufBuffer buffer, string apiVersion, string kind)
    {
        buffer.Raw(Magic);
        int typeMeta = buffer.Begin(1);
        buffer.Text(1, apiVersion);
        buffer.Text(2, kind);
        buffer.End(typeMeta);
        return buffer.Begin(2);
    }

    public static void EndObject(ProtobufBuffer buffer, int start)
    {
        buffer.End(start);

        // contentEncoding and contentType: plain protobuf.
        buffer.Text(3, "");
        buffer.Text(4, "");
    }

    /// <summary>The message alone, as the items of lists hold it.</summary>
    public static void WriteObject(ProtobufBuffer buffer, TypeDefinition type, ReadOnlyMemory<byte> utf8)
    {
        using var json = JsonDocument.Parse(utf8);
        ProtobufMessageWriter.Write(buffer, type, json.RootElement);
    }

    /// <summary>One frame of a watch.</summary>
    /// <param name="eventType"><c>ADDED</c>, <c>MODIFIED</c>, <c>DELETED</c>, <c>BOOKMARK</c> or <c>ERROR</c>.</param>
    /// <param name="encoded">The object, with its envelope.</param>
    public static ReadOnlyMemory<byte> Frame(string eventType, ReadOnlySpan<byte> encoded)
    {
        var buffer = new ProtobufBuffer(encoded.Length + 40);
        Span<byte> length = stackalloc byte[LengthBytes];
        buffer.Raw(length);
        buffer.Text(1, eventType);
        int extension = buffer.Begin(2);
        buffer.Bytes(1, encoded);
        buffer.End(extension);
        BinaryPrimitives.WriteInt32BigEndian(length, buffer.Length - LengthBytes);
        buffer.Overwrite(0, length);
        return buffer.Written;
    }
}
