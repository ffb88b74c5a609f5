using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Watching;

/// <summary>Watch events as bytes: one JSON object and a line feed each. The plain form of an event is made once for all watchers.</summary>
internal static class WatchFrames
{
    public static ReadOnlyMemory<byte> Plain(StoreEvent change)
    {
        if (change.Frame is byte[] frame)
        {
            return frame;
        }

        byte[] made = Around(change.Type, change.Document.Utf8.Span);
        change.Frame = made;
        return made;
    }

    public static ReadOnlyMemory<byte> Plain(ClusterEventType type, ObjectDocument document) => Around(type, document.Utf8.Span);

    public static ReadOnlyMemory<byte> Of(ClusterEventType type, JsonNode obj) => Around(type, JsonBytes.Encode(obj).Span);

    /// <summary>A bookmark in the form of the watch's objects.</summary>
    public static ReadOnlyMemory<byte> Bookmark(KindDefinition kind, AnswerShape shape, long revision, bool isInitialEnd)
    {
        string version = revision.ToString(CultureInfo.InvariantCulture);
        var metadata = new JsonObject { ["resourceVersion"] = version };
        if (isInitialEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var obj = new JsonObject
        {
            ["kind"] = shape == AnswerShape.Metadata ? "PartialObjectMetadata" : kind.Kind,
            ["apiVersion"] = shape == AnswerShape.Metadata ? "meta.k8s.io/v1" : kind.ApiVersion,
            ["metadata"] = metadata,
        };
        if (shape == AnswerShape.Table)
        {
            obj = Shapes.BookmarkTable(obj, version);
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
