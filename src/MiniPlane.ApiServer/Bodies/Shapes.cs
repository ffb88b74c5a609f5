using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>Objects and lists in the forms that <c>as=</c> asks for.</summary>
internal static class Shapes
{
    /// <summary>The PartialObjectMetadata of a stored object.</summary>
    public static void WriteMetadata(IBufferWriter<byte> output, ObjectDocument document, AnswerFormat format)
    {
        output.Write(format.IsBeta
            ? "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1beta1\",\"metadata\":"u8
            : "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":"u8);
        output.Write(document.MetadataUtf8.Span);
        output.Write("}"u8);
    }

    /// <summary>One object in the form of the answer, as JSON.</summary>
    public static ReadOnlyMemory<byte> Encode(ApiRequest request, ObjectDocument document)
    {
        if (request.Format.Shape == AnswerShape.Whole)
        {
            return document.Utf8;
        }

        var output = new ArrayBufferWriter<byte>(document.MetadataUtf8.Length + 2048);
        if (request.Format.Shape == AnswerShape.Metadata)
        {
            WriteMetadata(output, document, request.Format);
        }
        else
        {
            new TableWriter(request, output, request.Now).Single(document, true);
        }

        return output.WrittenMemory;
    }

    /// <summary>A bookmark in a watch of Tables: one row without cells, which carries the bookmark.</summary>
    public static JsonObject BookmarkTable(JsonObject bookmark, string version, AnswerFormat format) => new()
    {
        ["kind"] = "Table",
        ["apiVersion"] = format.MetaVersion,
        ["metadata"] = new JsonObject { ["resourceVersion"] = version },
        ["columnDefinitions"] = new JsonArray(),
        ["rows"] = new JsonArray(new JsonObject { ["cells"] = new JsonArray(), ["object"] = bookmark }),
    };

    /// <summary>A list as nodes, for YAML; in JSON lists are written as they go.</summary>
    public static JsonNode List(ApiRequest request, ListPage page)
    {
        if (request.Format.Shape == AnswerShape.Table)
        {
            var table = new ArrayBufferWriter<byte>(4096);
            WriteTable(request, page, table);
            return Parse(table.WrittenSpan);
        }

        bool isPartial = request.Format.Shape == AnswerShape.Metadata;
        var items = new JsonArray();
        foreach (ObjectDocument document in page.Items)
        {
            items.Add(isPartial ? Parse(Encode(request, document).Span) : Item(request, document));
        }

        return new JsonObject
        {
            ["kind"] = isPartial ? "PartialObjectMetadataList" : request.Kind.ListKind,
            ["apiVersion"] = isPartial ? request.Format.MetaVersion : request.Kind.ApiVersion,
            ["metadata"] = ListMetadata(page),
            ["items"] = items,
        };
    }

    private static JsonObject Item(ApiRequest request, ObjectDocument document)
    {
        JsonObject item = document.ToJson();
        if (!request.Kind.KeepsItemHeads())
        {
            item.Remove("kind");
            item.Remove("apiVersion");
        }

        return item;
    }

    private static void WriteTable(ApiRequest request, ListPage page, IBufferWriter<byte> output)
    {
        var table = new TableWriter(request, output, request.Now);
        table.Begin(ListMetadata(page), true);
        foreach (ObjectDocument document in page.Items)
        {
            table.Row(document);
        }

        table.End();
    }

    public static JsonObject ListMetadata(ListPage page)
    {
        var metadata = new JsonObject { ["resourceVersion"] = page.Revision.ToString(CultureInfo.InvariantCulture) };
        if (page.Continue.Length > 0)
        {
            metadata["continue"] = page.Continue;
        }

        if (page.Remaining is { } remaining)
        {
            metadata["remainingItemCount"] = remaining;
        }

        return metadata;
    }

    private static JsonNode Parse(ReadOnlySpan<byte> utf8) =>
        JsonNode.Parse(utf8) ?? throw new System.Text.Json.JsonException("A document is JSON null.");
}
