using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Requests;

/// <summary>The answer for paths that belong to no API; plain text, as upstream's.</summary>
internal static class NotFoundPage
{
    public static async Task WriteAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.StatusCode = 404;
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = 19;
        await response.BodyWriter.WriteAsync("404 page not found\n"u8.ToArray(), context.RequestAborted);
    }
}
