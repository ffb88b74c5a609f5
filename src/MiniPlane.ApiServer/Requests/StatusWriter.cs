using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Requests;

/// <summary>The one place where an <see cref="ApiException"/> becomes an HTTP answer with a Status body.</summary>
internal static class StatusWriter
{
    public static async Task WriteAsync(HttpContext context, ApiException error)
    {
        HttpResponse response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return;
        }

        if (error.RetryAfterSeconds > 0)
        {
            response.Headers.RetryAfter = error.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        AnswerFormat format = AcceptHeader.NegotiateStatus(context.Request.Headers.Accept);
        await WriteJsonAsync(context, error.Code, error.ToStatus(), format);
    }

    /// <summary>Sends a small body that was made for this answer.</summary>
    public static async Task WriteJsonAsync(HttpContext context, int code, JsonNode body, AnswerFormat format)
    {
        ReadOnlyMemory<byte> bytes = format.Encoding switch
        {
            AnswerEncoding.Yaml => YamlWriter.Write(body),
            AnswerEncoding.Protobuf => ProtobufAnswers.Encode(context.RequestServices.GetRequiredService<IKindCatalogue>(), body),
            _ when PrettyJson.IsWanted(context.Request) => PrettyJson.Indent(JsonBytes.Encode(body)),
            _ => JsonBytes.Encode(body),
        };
        await WriteAsync(context, code, bytes, format);
    }

    /// <summary>Sends JSON that is no API object: always indented, as upstream's is.</summary>
    public static Task WriteRawAsync(HttpContext context, JsonNode body) =>
        WriteAsync(context, 200, PrettyJson.Indent(JsonBytes.Encode(body)), AnswerFormat.Json);

    private static async Task WriteAsync(HttpContext context, int code, ReadOnlyMemory<byte> bytes, AnswerFormat format)
    {
        HttpResponse response = context.Response;
        response.StatusCode = code;
        response.ContentType = format.ContentType;
        response.Headers.CacheControl = "no-cache, private";
        response.ContentLength = bytes.Length;
        await Compression.WriteAsync(context, bytes);
    }
}
