using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Watching;

/// <summary>Watch events as bytes: one JSON object and a line feed each.</summary>
internal static class WatchFrames
{
    /// <summary>What stands before the object; the object's own bytes follow as they are stored.</summary>
    public static void Begin(IBufferWriter<byte> output, ClusterEventType type) => output.Write(type switch
    {
        ClusterEventType.Added => "{\"type\":\"ADDED\",\"object\":"u8,
        ClusterEventType.Modified => "{\"type\":\"MODIFIED\",\"object\":"u8,
        ClusterEventType.Deleted => "{\"type\":\"DELETED\",\"object\":"u8,
        _ => "{\"type\":\"BOOKMARK\",\"object\":"u8,
    });

    public static void End(IBufferWriter<byte> output) => output.Write("}\n"u8);

    public static ReadOnlyMemory<byte> Of(ClusterEventType type, JsonNode obj) => Around(type, JsonBytes.Encode(obj).Span);

    /// <summary>A bookmark in the form of the watch's objects.</summary>
    public static ReadOnlyMemory<byte> Bookmark(KindDefinition kind, AnswerFormat format, long revision, bool isInitialEnd)
    {
        string version = revision.ToString(CultureInfo.InvariantCulture);
        var metadata = new JsonObject { ["resourceVersion"] = version };
        if (isInitialEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var obj = new JsonObject
        {
            ["kind"] = format.Shape == AnswerShape.Metadata ? "PartialObjectMetadata" : kind.Kind,
            ["apiVersion"] = format.Shape == AnswerShape.Metadata ? format.MetaVersion : kind.ApiVersion,
            ["metadata"] = metadata,
        };
        if (format.Shape == AnswerShape.Table)
        {
            obj = Shapes.BookmarkTable(obj, version, format);
        }

        return Of(ClusterEventType.Bookmark, obj);
    }

    public static ReadOnlyMemory<byte> Error(ApiException error)
    {
        ReadOnlyMemory<byte> status = JsonBytes.Encode(error.ToStatus());
        return Around("ERROR", status.Span);
    }

    public static string Word(ClusterEventType type) => type switch
    {
        ClusterEventType.Added => "ADDED",
        ClusterEventType.Modified => "MODIFIED",
        ClusterEventType.Deleted => "DELETED",
        _ => "BOOKMARK",
    };

    private static byte[] Around(ClusterEventType type, ReadOnlySpan<byte> obj) => Around(Word(type), obj);

    private static byte[] Around(string type, ReadOnlySpan<byte> obj)
    {
        var buffer = new ArrayBufferWriter<byte>(obj.Length + 40);
        buffer.Write("{\"type\":\""u8);
        Encoding.ASCII.GetBytes(type, buffer);
        buffer.Write("\",\"object\":"u8);
        buffer.Write(obj);
        buffer.Write("}\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
