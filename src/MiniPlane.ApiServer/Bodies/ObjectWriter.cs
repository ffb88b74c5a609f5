using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>Writes objects and lists in the agreed form; whole objects in JSON go out as the bytes that are stored.</summary>
internal static class ObjectWriter
{
    // A list is flushed in pieces of about this size, so that its memory stays small and the client starts early.
    private const int FlushBytes = 64 * 1024;

    public static Task WriteAsync(ApiRequest request, int code, ObjectDocument document)
    {
        AnswerFormat format = request.Format;
        if (format is { Shape: AnswerShape.Whole, Encoding: AnswerEncoding.Json })
        {
            return WriteBytesAsync(request, code, document.Utf8);
        }

        if (format.IsProtobuf)
        {
            return WriteBytesAsync(request, code, ProtobufAnswers.Encode(request, document));
        }

        JsonNode body = format.Shape switch
        {
            AnswerShape.Metadata => Shapes.Metadata(document),
            AnswerShape.Table => Shapes.Table(request, document, true),
            _ => document.ToJson(),
        };
        return WriteJsonAsync(request, code, body);
    }

    public static Task WriteJsonAsync(ApiRequest request, int code, JsonNode body)
    {
        AddWarnings(request);
        return StatusWriter.WriteJsonAsync(request.Http, code, body, request.Format);
    }

    public static async Task WriteListAsync(ApiRequest request, ListPage page)
    {
        if (request.Format.IsProtobuf)
        {
            await WriteBytesAsync(request, 200, ProtobufAnswers.Encode(request, page));
            return;
        }

        if (request.Format.IsYaml || request.Format.Shape == AnswerShape.Table)
        {
            await WriteJsonAsync(request, 200, Shapes.List(request, page));
            return;
        }

        Begin(request, 200, null);
        bool isPartial = request.Format.Shape == AnswerShape.Metadata;
        PipeWriter writer = request.Http.Response.BodyWriter;
        Write(writer, ListHead(request.Kind, page, isPartial));
        byte[] head = DocumentSlices.Head(request.Kind);
        bool hasHeads = request.Kind.KeepsItemHeads();
        long pending = 0;
        bool isFirst = true;
        foreach (ObjectDocument item in page.Items)
        {
            if (!isFirst)
            {
                writer.Write(","u8);
            }

            isFirst = false;
            pending += isPartial ? WritePartial(writer, item) : WriteItem(writer, item, hasHeads ? null : head);
            if (pending >= FlushBytes)
            {
                pending = 0;
                await writer.FlushAsync(request.Cancelled);
            }
        }

        writer.Write("]}"u8);
        await writer.FlushAsync(request.Cancelled);
    }

    private static Task WriteBytesAsync(ApiRequest request, int code, ReadOnlyMemory<byte> bytes)
    {
        Begin(request, code, bytes.Length);
        ValueTask<FlushResult> sent = request.Http.Response.BodyWriter.WriteAsync(bytes, CancellationToken.None);
        return sent.IsCompletedSuccessfully ? Task.CompletedTask : sent.AsTask();
    }

    private static void Begin(ApiRequest request, int code, long? length)
    {
        AddWarnings(request);
        HttpResponse response = request.Http.Response;
        response.StatusCode = code;
        response.ContentType = request.Format.ContentType;
        response.Headers.CacheControl = "no-cache, private";
        response.ContentLength = length;
    }

    private static void AddWarnings(ApiRequest request)
    {
        if (request.Warnings.Count == 0)
        {
            return;
        }

        foreach (string warning in request.Warnings.Distinct(StringComparer.Ordinal))
        {
            request.Http.Response.Headers.Append("Warning", WarningHeader.Format(warning));
        }
    }

    private static string ListHead(KindDefinition kind, ListPage page, bool isPartial)
    {
        (string listKind, string apiVersion) = isPartial
            ? ("PartialObjectMetadataList", "meta.k8s.io/v1")
            : (kind.ListKind, kind.ApiVersion);
        var head = new StringBuilder(160);
        head.Append(CultureInfo.InvariantCulture, $"{{\"kind\":\"{listKind}\",\"apiVersion\":\"{apiVersion}\",");
        head.Append(CultureInfo.InvariantCulture, $"\"metadata\":{{\"resourceVersion\":\"{page.Revision}\"");
        if (page.Continue.Length > 0)
        {
            head.Append(CultureInfo.InvariantCulture, $",\"continue\":\"{page.Continue}\"");
        }

        if (page.Remaining is { } remaining)
        {
            head.Append(CultureInfo.InvariantCulture, $",\"remainingItemCount\":{remaining}");
        }

        return head.Append("},\"items\":[").ToString();
    }

    private static int WriteItem(PipeWriter writer, ObjectDocument item, byte[]? head)
    {
        ReadOnlyMemory<byte> rest = head is null ? default : DocumentSlices.AfterHead(item, head);
        if (rest.IsEmpty)
        {
            writer.Write(item.Utf8.Span);
            return item.Utf8.Length;
        }

        writer.Write("{"u8);
        writer.Write(rest.Span);
        return rest.Length + 1;
    }

    private static int WritePartial(PipeWriter writer, ObjectDocument item)
    {
        ReadOnlyMemory<byte> metadata = DocumentSlices.Metadata(item);
        writer.Write("{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":"u8);
        writer.Write(metadata.Span);
        writer.Write("}"u8);
        return metadata.Length + 80;
    }

    private static void Write(PipeWriter writer, string text) => Encoding.UTF8.GetBytes(text, writer);

    private static void Write(this PipeWriter writer, ReadOnlySpan<byte> bytes) =>
        System.Buffers.BuffersExtensions.Write(writer, bytes);
}
