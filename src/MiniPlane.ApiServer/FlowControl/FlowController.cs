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
internal sealed class FlowController(IRevisionStore store, ApiServerOptions options, TimeProvider time)
{
    private const string Refusal = "Too many requests, please try again later.";

    // Guards the replacement of _plan.
    private readonly Lock _gate = new();
    private volatile FlowPlan? _plan;

    public IReadOnlyCollection<PriorityLevel> Levels => Plan().Levels;

    /// <summary>Waits for a seat; the caller leaves the returned level when done. Null when nobody limits the request.</summary>
    public ValueTask<PriorityLevel?> EnterAsync(HttpContext context, RequestInfo request, UserInfo user)
    {
        (FlowRule? rule, PriorityLevel? level) = Plan().Find(request, user);
        if (rule is null || level is null)
        {
            return ValueTask.FromResult<PriorityLevel?>(null);
        }

        context.Response.Headers["X-Kubernetes-PF-FlowSchema-UID"] = rule.Uid;
        context.Response.Headers["X-Kubernetes-PF-PriorityLevel-UID"] = level.Uid;
        return level.Enter(rule.Flow(request, user), out TaskCompletionSource? waiter) switch
        {
            true => ValueTask.FromResult<PriorityLevel?>(level),
            false => throw ApiErrors.TooManyRequests(Refusal, 1),
            null => WaitAsync(context, level, waiter ?? throw new InvalidOperationException("a waiting request has a waiter")),
        };
    }

    private async ValueTask<PriorityLevel?> WaitAsync(HttpContext context, PriorityLevel level, TaskCompletionSource waiter)
    {
        try
        {
            // A quarter of the request's own time, as upstream.
            await waiter.Task.WaitAsync(options.RequestTimeout / 4, time, context.RequestAborted);
            return level;
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            if (!level.GiveUp(waiter))
            {
                level.Leave();
            }

            throw ApiErrors.TooManyRequests(Refusal, 1);
        }
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
