using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Requests;

/// <summary>The time of requests, and how long one may take.</summary>
internal sealed class RequestClock(TimeProvider time, ApiServerOptions options)
{
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>
    /// Ends a request after its time limit, unless it is one that is meant to last, or waits for nothing: one object is read from
    /// memory and sent in one piece, and the server closes connections that do not take what they are sent.
    /// </summary>
    public RequestLimit? Limit(ApiRequest request, bool isLasting)
    {
        if (request.Info.Verb == "get" && request.Subresource is null)
        {
            return null;
        }

        TimeSpan limit = options.RequestTimeout;
        if (request.Query("timeout") is { Length: > 0 } wanted)
        {
            TimeSpan given = GoDuration.Parse(wanted) ?? throw ApiErrors.BadRequest(
                $"invalid timeout specified in the request URL - time: invalid duration \"{wanted}\"");
            limit = given > TimeSpan.Zero && given < limit ? given : limit;
        }

        return new RequestLimit(request.Http, isLasting ? null : limit, time);
    }
}
