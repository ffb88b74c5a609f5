using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
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

        await WriteJsonAsync(context, error.Code, error.ToStatus(), FormatFor(context));
    }

    /// <summary>Sends a small body that was made for this answer.</summary>
    public static async Task WriteJsonAsync(HttpContext context, int code, JsonNode body, AnswerFormat format)
    {
        ReadOnlyMemory<byte> utf8 = format.IsYaml ? YamlWriter.Write(body) : JsonBytes.Encode(body);
        HttpResponse response = context.Response;
        response.StatusCode = code;
        response.ContentType = format.ContentType;
        response.Headers.CacheControl = "no-cache, private";
        response.ContentLength = utf8.Length;
        await response.BodyWriter.WriteAsync(utf8, context.RequestAborted);
    }

    // The error must arrive even when the client asked for a form that nobody can write.
    private static AnswerFormat FormatFor(HttpContext context) =>
        context.Request.Headers.Accept.ToString().StartsWith("application/yaml", StringComparison.Ordinal)
            ? AnswerFormat.Json with { IsYaml = true }
            : AnswerFormat.Json;
}
