using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>Objects, their metadata alone, and lists of both as <c>application/vnd.kubernetes.protobuf</c>.</summary>
internal static class ProtobufAnswers
{
    private const string PartialKind = "PartialObjectMetadata";

    /// <summary>Custom kinds have no numbers; only their metadata can be told. Refused before anything is done.</summary>
    public static void Check(ApiRequest request)
    {
        if (request.Format is { IsProtobuf: true, Shape: AnswerShape.Whole }
            && request.Kind.IsCustom()
            && request.Info.Verb is not ("delete" or "deletecollection"))
        {
            throw ApiErrors.NotMarshalable();
        }
    }

    /// <summary>A small body that was made for this answer; it names its kind.</summary>
    public static ReadOnlyMemory<byte> Encode(IKindCatalogue catalogue, JsonNode body)
    {
        string apiVersion = body.TextOrEmpty("apiVersion");
        string kind = body.TextOrEmpty("kind");
        TypeDefinition type = ProtobufTypes.Find(catalogue, apiVersion, kind) ?? throw ApiErrors.NotMarshalable();
        return ProtobufEncoder.Encode(apiVersion, kind, type, JsonBytes.Encode(body));
    }

    public static ReadOnlyMemory<byte> Encode(ApiRequest request, ObjectDocument document)
    {
        if (request.Format.Shape != AnswerShape.Metadata)
        {
            // A subresource's answer is of a kind of its own.
            return request.Subresource is null
                ? ProtobufEncoder.Encode(request.Kind.ApiVersion, request.Kind.Kind, request.Kind.Type, document.Utf8)
                : Encode(Catalogue(request), document.ToJson());
        }

        var buffer = new ProtobufBuffer(document.Utf8.Length);
        int start = ProtobufEncoder.BeginObject(buffer, request.Format.MetaVersion, PartialKind);
        WriteMetadata(buffer, Metadata(request), document);
        ProtobufEncoder.EndObject(buffer, start);
        return buffer.Written;
    }

    public static ReadOnlyMemory<byte> Encode(ApiRequest request, ListPage page)
    {
        bool isPartial = request.Format.Shape == AnswerShape.Metadata;
        TypeDefinition metadata = Metadata(request);
        var buffer = new ProtobufBuffer(page.Items.Sum(item => item.Utf8.Length) + 256);
        int start = isPartial
            ? ProtobufEncoder.BeginObject(buffer, request.Format.MetaVersion, PartialKind + "List")
            : ProtobufEncoder.BeginObject(buffer, request.Kind.ApiVersion, request.Kind.ListKind);
        int head = buffer.Begin(1);
        ProtobufEncoder.WriteObject(buffer, Type(request, "meta.v1.ListMeta"), JsonBytes.Encode(Shapes.ListMetadata(page)));
        buffer.End(head);
        foreach (ObjectDocument item in page.Items)
        {
            int at = buffer.Begin(2);
            if (isPartial)
            {
                WriteMetadata(buffer, metadata, item);
            }
            else
            {
                ProtobufEncoder.WriteObject(buffer, request.Kind.Type, item.Utf8);
            }

            buffer.End(at);
        }

        ProtobufEncoder.EndObject(buffer, start);
        return buffer.Written;
    }

    private static void WriteMetadata(ProtobufBuffer buffer, TypeDefinition type, ObjectDocument document)
    {
        int start = buffer.Begin(1);
        ProtobufEncoder.WriteObject(buffer, type, document.MetadataUtf8);
        buffer.End(start);
    }

    private static TypeDefinition Metadata(ApiRequest request) => Type(request, "meta.v1.ObjectMeta");

    private static TypeDefinition Type(ApiRequest request, string name) =>
        Catalogue(request).FindType(name) ?? throw ApiErrors.NotMarshalable();

    private static IKindCatalogue Catalogue(ApiRequest request) =>
        request.Http.RequestServices.GetRequiredService<IKindCatalogue>();
}
