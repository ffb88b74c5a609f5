namespace MiniPlane.ApiServer.Requests;

/// <summary>The time of requests, and how long one may take.</summary>
internal sealed class RequestClock(TimeProvider time, ApiServerOptions options)
{
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>
    /// Ends a request after its time limit, unless it is one that is meant to last, or waits for nothing: one object is read from
    /// memory and sent in one piece, and the server closes connections that do not take what they are sent.
    /// </summary>
    public RequestLimit? Limit(ApiRequest request)
    {
        if (request.Info.Verb == "get" && request.Subresource is null)
        {
            return null;
        }

        bool isLasting = request.Info.Verb == "watch"
            || request.Subresource?.Name is "log" or "exec" or "attach" or "portforward" or "proxy";
        return new RequestLimit(request.Http, isLasting ? null : options.RequestTimeout, time);
    }
}
