using System.Globalization;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.FlowControl;

/// <summary>
/// API priority and fairness: sorts each request into a priority level by the FlowSchema objects and lets it run when the level has
/// a seat for it (k8s.io/apiserver/pkg/util/flowcontrol). Requests that last (watches, streams) give their seat back once they run.
/// </summary>
internal sealed class FlowController(
    IRevisionStore store, IKindCatalogue catalogue, ApiServerOptions options, FlowCounters counters, TimeProvider time)
{
    private const int ObjectsPerSeat = 100;
    private const int MaxWidth = 10;
    private const string Refusal = "Too many requests, please try again later.";

    // Guards the replacement of _plan.
    private readonly Lock _gate = new();
    private volatile FlowPlan? _plan;

    public IReadOnlyCollection<PriorityLevel> Levels => Plan().Levels;

    /// <summary>Waits for seats; the caller leaves them when done. Null when nobody limits the request.</summary>
    public ValueTask<FlowSeat?> EnterAsync(HttpContext context, RequestInfo request, UserInfo user)
    {
        (FlowRule? rule, PriorityLevel? level) = Plan().Find(request, user);
        if (rule is null || level is null)
        {
            return ValueTask.FromResult<FlowSeat?>(null);
        }

        context.Response.Headers["X-Kubernetes-PF-FlowSchema-UID"] = rule.Uid;
        context.Response.Headers["X-Kubernetes-PF-PriorityLevel-UID"] = level.Uid;
        int width = level.IsExempt ? 1 : Width(context, request);
        switch (level.Enter(rule.Flow(request, user), width, out SeatWaiter? waiter))
        {
            case true:
                counters.Dispatched(rule, level);
                return ValueTask.FromResult<FlowSeat?>(new FlowSeat(level, width));
            case false:
                counters.Rejected(rule, level, level.QueueLength == 0 ? FlowCounters.ConcurrencyLimit : FlowCounters.QueueFull);
                throw ApiErrors.TooManyRequests(Refusal, 1);
            default:
                return WaitAsync(context, rule, level, waiter ?? throw new InvalidOperationException("a waiting request has a waiter"));
        }
    }

    private async ValueTask<FlowSeat?> WaitAsync(HttpContext context, FlowRule rule, PriorityLevel level, SeatWaiter waiter)
    {
        try
        {
            // A quarter of the request's own time, as upstream.
            await waiter.Task.WaitAsync(options.RequestTimeout / 4, time, context.RequestAborted);
            counters.Dispatched(rule, level);
            return new FlowSeat(level, waiter.Width);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            if (!level.GiveUp(waiter))
            {
                level.Leave(waiter.Width);
            }

            counters.Rejected(rule, level, error is TimeoutException ? FlowCounters.TimeOut : FlowCounters.Cancelled);
            throw ApiErrors.TooManyRequests(Refusal, 1);
        }
    }

    // A list takes a seat for each hundred objects that it goes through (k8s.io/apiserver/pkg/util/flowcontrol/request).
    private int Width(HttpContext context, RequestInfo request)
    {
        if (request.Verb != "list" || !request.IsResource || catalogue.FindResource(request.Group, request.Version, request.Resource) is not { } kind)
        {
            return 1;
        }

        int count = store.Read(kind.Collection).Count;
        IQueryCollection query = context.Request.Query;
        bool isWhole = query.ContainsKey("labelSelector") || query.ContainsKey("fieldSelector");
        if (!isWhole && int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit > 0)
        {
            count = Math.Min(count, limit);
        }

        return Math.Clamp((count + ObjectsPerSeat - 1) / ObjectsPerSeat, 1, MaxWidth);
    }

    private FlowPlan Plan()
    {
        CollectionSnapshot schemas = store.Read(BuiltInKinds.FlowSchema.Collection);
        CollectionSnapshot levels = store.Read(BuiltInKinds.PriorityLevelConfiguration.Collection);
        if (_plan is { } known && known.IsOf(schemas, levels))
        {
            return known;
        }

        lock (_gate)
        {
            if (_plan is not { } current || !current.IsOf(schemas, levels))
            {
                _plan = current = FlowPlan.Make(schemas, levels, options.MaxRequestsInFlight, _plan);
            }

            return current;
        }
    }
}
