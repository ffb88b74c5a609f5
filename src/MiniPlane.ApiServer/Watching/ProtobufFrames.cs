using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.Watching;

/// <summary>Watch events in protobuf: a length, then a WatchEvent (<c>application/vnd.kubernetes.protobuf;stream=watch</c>).</summary>
internal static class ProtobufFrames
{
    public const string ContentType = ProtobufDecoder.MediaType + ";stream=watch";

    public static ReadOnlyMemory<byte> Of(ApiRequest request, ClusterEventType type, ObjectDocument document) =>
        ProtobufEncoder.Frame(WatchFrames.Word(type), ProtobufAnswers.Encode(request, document).Span);

    /// <summary>A frame that was made as JSON: a bookmark, an error.</summary>
    public static ReadOnlyMemory<byte> OfJson(ApiRequest request, ReadOnlyMemory<byte> frame)
    {
        var json = JsonNode.Parse(frame.Span);
        ReadOnlyMemory<byte> encoded = json.TextOrEmpty("object", "kind") == "Status"
            ? ProtobufAnswers.Encode(request.Http.RequestServices.GetRequiredService<IKindCatalogue>(), json.Object("object") ?? [])
            : ProtobufAnswers.Encode(request, new ObjectDocument(JsonBytes.Encode(json.Object("object") ?? []), 0));
        return ProtobufEncoder.Frame(json.TextOrEmpty("type"), encoded.Span);
    }
}
