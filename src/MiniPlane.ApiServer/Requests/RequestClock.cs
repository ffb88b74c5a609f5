using Microsoft.AspNetCore.Http;
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
        if (isLasting)
        {
            return new RequestLimit(request.Http, null, time);
        }

        TimeSpan limit = options.RequestTimeout;
        TimeSpan wanted = Wanted(request.Http.Request);
        limit = wanted > TimeSpan.Zero && wanted < limit ? wanted : limit;
        return request.Info.Verb == "get" && request.Subresource is null ? null : new RequestLimit(request.Http, limit, time);
    }

    /// <summary>
    /// What the client gives this request, none if it does not say. Any request may, of resources or not; only those that are meant
    /// to last say it otherwise (k8s.io/apiserver/pkg/endpoints/filters, WithRequestDeadline).
    /// </summary>
    public static TimeSpan Wanted(HttpRequest request)
    {
        string wanted = request.QueryString.HasValue ? request.Query["timeout"].ToString() : "";
        return wanted.Length == 0 ? TimeSpan.Zero : GoDuration.Parse(wanted) ?? throw ApiErrors.BadRequest(
            $"invalid timeout specified in the request URL - time: {(IsNumber(wanted) ? "missing unit in" : "invalid")} duration \"{wanted}\"");
    }

    private static bool IsNumber(string text) => text.AsSpan().TrimStart("+-") is { Length: > 0 } digits && !digits.ContainsAnyExceptInRange('0', '9');
}
