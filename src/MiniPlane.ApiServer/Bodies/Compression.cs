using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>
/// Compresses large answers for clients that take gzip, as kube-apiserver does: from 128 KiB on, at the quickest level, which for lists
/// of objects costs about what it saves below it in encryption and copying.
/// </summary>
internal static class Compression
{
    private const int Threshold = 128 * 1024;

    public static bool IsWanted(HttpRequest request, long bytes) => bytes >= Threshold && Takes(request.Headers.AcceptEncoding);

    /// <summary>Sends a whole body, compressed if it is large and the client takes that.</summary>
    public static async ValueTask WriteAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        if (!IsWanted(context.Request, bytes.Length))
        {
            await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
            return;
        }

        AnswerSize.Note(context, bytes.Length);
        await using GZipStream compressed = Begin(context.Response);
        await compressed.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>Marks an answer that has not begun as compressed; what is written into the stream ends up in its body.</summary>
    public static GZipStream Begin(HttpResponse response)
    {
        response.ContentLength = null;
        response.Headers.ContentEncoding = "gzip";
        response.Headers.Append("Vary", "Accept-Encoding");
        return new GZipStream(response.BodyWriter.AsStream(leaveOpen: true), CompressionLevel.Fastest);
    }

    // RFC 9110, section 12.5.3: a coding with weight 0 is refused.
    private static bool Takes(StringValues accepted)
    {
        foreach (string? value in accepted)
        {
            foreach (string coding in (value ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                string[] parts = coding.Split(';', StringSplitOptions.TrimEntries);
                if (parts[0].Equals("gzip", StringComparison.OrdinalIgnoreCase))
                {
                    return !parts.Skip(1).Any(static part => part.Replace(" ", "", StringComparison.Ordinal) is "q=0" or "q=0.0" or "q=0.00" or "q=0.000");
                }
            }
        }

        return false;
    }
}
