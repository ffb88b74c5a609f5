using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Requests;

/// <summary>Bounds a request's time by cancelling its <see cref="HttpContext.RequestAborted"/>.</summary>
internal sealed class RequestLimit : IDisposable
{
    private readonly CancellationTokenSource? _limit;
    private readonly CancellationTokenSource? _linked;
    private readonly HttpContext _context;
    private readonly CancellationToken _left;

    public RequestLimit(HttpContext context, TimeSpan? limit, TimeProvider time)
    {
        (_context, _left) = (context, context.RequestAborted);
        if (limit is null)
        {
            return;
        }

        _limit = new CancellationTokenSource(limit.Value, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, context.RequestAborted);
        context.RequestAborted = _linked.Token;
        context.Features.Set(this);
    }

    /// <summary>The time was up, as opposed to a client that left.</summary>
    public static bool HasTimedOut(HttpContext context) =>
        context.Features.Get<RequestLimit>()?._limit is { IsCancellationRequested: true };

    /// <summary>The limit is for the work: the answer, which may say that it was too long, is sent as long as the client is there.</summary>
    public void Dispose()
    {
        _context.RequestAborted = _left;
        _linked?.Dispose();
        _limit?.Dispose();
    }
}
