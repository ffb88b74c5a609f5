using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>How many bytes an answer's body has, before compression, where its headers do not tell. Carried in the request's features.</summary>
internal sealed record AnswerSize(long Bytes)
{
    public static void Note(HttpContext context, long bytes) => context.Features.Set(new AnswerSize(bytes));

    /// <summary>Null when nobody knows.</summary>
    public static long? Of(HttpContext context) => context.Response.ContentLength ?? context.Features.Get<AnswerSize>()?.Bytes;
}
