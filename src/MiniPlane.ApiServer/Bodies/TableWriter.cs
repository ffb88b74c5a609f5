using System.Buffers;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Tables;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>
/// Writes a meta.v1.Table from prepared rows and stored bytes. What a row carries of its object is the client's choice
/// (<c>includeObject</c>): its metadata by default, all of it, or nothing. Ages are counted to <paramref name="now"/>.
/// </summary>
internal sealed class TableWriter(ApiRequest request, IBufferWriter<byte> output, DateTimeOffset now)
{
    private readonly string _includeObject = IncludeObject(request);
    private bool _hasRow;

    /// <param name="metadata">The Table's own metadata.</param>
    /// <param name="withColumns">Column definitions, or null in their place: in a watch only the first Table has them.</param>
    public void Begin(JsonObject metadata, bool withColumns)
    {
        output.Write(request.Format.IsBeta
            ? "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1beta1\",\"metadata\":"u8
            : "{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":"u8);
        output.Write(JsonBytes.Encode(metadata).Span);
        output.Write(",\"columnDefinitions\":"u8);
        output.Write(withColumns ? JsonBytes.Encode(TableColumns.For(request.Kind)).Span : "null"u8);
        output.Write(",\"rows\":["u8);
    }

    public void Row(ObjectDocument document)
    {
        output.Write(_hasRow ? ",{\"cells\":"u8 : "{\"cells\":"u8);
        _hasRow = true;
        PreparedRow.Of(request.Kind, document).Write(output, now);
        output.Write(",\"object\":"u8);
        switch (_includeObject)
        {
            case "None":
                output.Write("null"u8);
                break;
            case "Object":
                output.Write(document.Utf8.Span);
                break;
            default:
                Shapes.WriteMetadata(output, document, request.Format);
                break;
        }

        output.Write("}"u8);
    }

    public void End() => output.Write("]}"u8);

    private static string IncludeObject(ApiRequest request) => request.Query("includeObject") is ("" or "None" or "Metadata" or "Object") and var known
        ? known
        : throw ApiErrors.BadRequest(
            $"Unable to convert to Table as requested: includeObject: Invalid value: \"{request.Query("includeObject")}\": must be 'Metadata', 'Object', 'None', or empty");

    /// <summary>The Table of one object.</summary>
    public void Single(ObjectDocument document, bool withColumns)
    {
        Begin(new JsonObject { ["resourceVersion"] = document.ResourceVersion }, withColumns);
        Row(document);
        End();
    }
}
