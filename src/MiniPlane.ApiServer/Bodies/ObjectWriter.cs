using System.Buffers;
using System.Globalization;
using System.IO.Compression;
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
    private const int SmallAnswer = 64 * 1024;

    public static Task WriteAsync(ApiRequest request, int code, ObjectDocument document)
    {
        if (request.Format.IsProtobuf)
        {
            return WriteBytesAsync(request, code, ProtobufAnswers.Encode(request, document));
        }

        ReadOnlyMemory<byte> utf8 = Shapes.Encode(request, document);
        return request.Format.IsYaml
            ? WriteJsonAsync(request, code, JsonNode.Parse(utf8.Span) ?? new JsonObject())
            : WriteBytesAsync(request, code, PrettyJson.IsWanted(request.Http.Request) ? PrettyJson.Indent(utf8) : utf8);
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

        if (request.Format.IsYaml || PrettyJson.IsWanted(request.Http.Request))
        {
            await WriteJsonAsync(request, 200, Shapes.List(request, page));
            return;
        }

        Begin(request, 200, null);
        if (!Compression.IsWanted(request.Http.Request, page.Items.Sum(static item => (long)item.Utf8.Length)))
        {
            await WriteListAsync(request, page, request.Http.Response.BodyWriter);
            return;
        }

        await using GZipStream compressed = Compression.Begin(request.Http.Response);
        var output = PipeWriter.Create(compressed, new StreamPipeWriterOptions(leaveOpen: true));
        await WriteListAsync(request, page, output);
        await output.CompleteAsync();
    }

    private static async Task WriteListAsync(ApiRequest request, ListPage page, PipeWriter body)
    {
        using var output = new ChunkWriter(body);
        if (request.Format.Shape == AnswerShape.Table)
        {
            await WriteTableAsync(request, page, output);
        }
        else
        {
            await WriteItemsAsync(request, page, output);
        }

        await output.FlushAsync(request.Cancelled);
        AnswerSize.Note(request.Http, output.Sent);
    }

    private static async Task WriteTableAsync(ApiRequest request, ListPage page, ChunkWriter output)
    {
        var table = new TableWriter(request, output, request.Now);
        table.Begin(Shapes.ListMetadata(page), true);
        foreach (ObjectDocument item in page.Items)
        {
            table.Row(item);
            if (output.IsFull)
            {
                await output.FlushAsync(request.Cancelled);
            }
        }

        table.End();
    }

    private static async Task WriteItemsAsync(ApiRequest request, ListPage page, ChunkWriter output)
    {
        bool isPartial = request.Format.Shape == AnswerShape.Metadata;
        Encoding.UTF8.GetBytes(ListHead(request.Kind, page, isPartial ? request.Format.MetaVersion : null), output);
        byte[]? head = request.Kind.KeepsItemHeads() ? null : DocumentSlices.Head(request.Kind);
        bool isFirst = true;
        foreach (ObjectDocument item in page.Items)
        {
            if (!isFirst)
            {
                output.Write(","u8);
            }

            isFirst = false;
            if (isPartial)
            {
                Shapes.WriteMetadata(output, item, request.Format);
            }
            else
            {
                WriteItem(output, item, head);
            }

            if (output.IsFull)
            {
                await output.FlushAsync(request.Cancelled);
            }
        }

        output.Write("]}"u8);
    }

    private static Task WriteBytesAsync(ApiRequest request, int code, ReadOnlyMemory<byte> bytes)
    {
        Begin(request, code, bytes.Length);
        if (Compression.IsWanted(request.Http.Request, bytes.Length))
        {
            return Compression.WriteAsync(request.Http, bytes).AsTask();
        }

        if (bytes.Length <= SmallAnswer)
        {
            // It goes out when the request ends, which is now, in one piece with that end; there is nothing to wait for.
            request.Http.Response.BodyWriter.Write(bytes.Span);
            return Task.CompletedTask;
        }

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

    private static string ListHead(KindDefinition kind, ListPage page, string? metaVersion)
    {
        (string listKind, string apiVersion) = metaVersion is not null
            ? ("PartialObjectMetadataList", metaVersion)
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

    private static void WriteItem(ChunkWriter output, ObjectDocument item, byte[]? head)
    {
        ReadOnlyMemory<byte> rest = head is null ? default : DocumentSlices.AfterHead(item, head);
        if (rest.IsEmpty)
        {
            output.Write(item.Utf8.Span);
            return;
        }

        output.Write("{"u8);
        output.Write(rest.Span);
    }
}
