using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Discovery;

/// <summary>Sends a <see cref="ServedDocument"/>, or 304 when the client has it already.</summary>
internal static class DocumentWriter
{
    /// <summary>Refuses everything that does not read.</summary>
    public static void RequireRead(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            throw ApiErrors.MethodNotAllowed();
        }
    }

    /// <summary>
    /// Refuses everything but GET: what upstream serves by routes (<c>/api</c>, a version's resources, <c>/version</c>) knows no HEAD,
    /// other than what it serves by plain handlers (<c>/apis</c>, a group, OpenAPI, health, metrics).
    /// </summary>
    public static void RequireGet(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            throw ApiErrors.MethodNotAllowed();
        }
    }

    public static async Task WriteAsync(HttpContext context, ServedDocument document)
    {
        HttpResponse response = context.Response;
        string tag = $"\"{document.Hash}\"";
        response.Headers.ETag = tag;
        response.Headers.Vary = "Accept";
        if (context.Request.Headers.IfNoneMatch.Any(given => given is not null && given.Contains(tag, StringComparison.Ordinal)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = document.ContentType;
        bool isPretty = document.ContentType.StartsWith("application/json", StringComparison.Ordinal) && PrettyJson.IsWanted(context.Request);
        ReadOnlyMemory<byte> body = isPretty ? PrettyJson.Indent(document.Body) : document.Body;
        response.ContentLength = body.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
