using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>
/// Scales whatever has a scale to what its metrics ask for, every 15 seconds (upstream's horizontal pod autoscaler). What a metric
/// proposes is <see cref="MetricMath"/>'s part, how fast it is followed <see cref="Pace"/>'s.
/// </summary>
internal sealed class HorizontalPodAutoscalerController(ClusterContext cluster, IPodUsage usage, IAggregatedGroups adapters) : IController
{
    private const string Component = "horizontal-pod-autoscaler";
    private const string InvalidSelector = "InvalidSelector";
    private const string AmbiguousSelector = "AmbiguousSelector";
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<ObjectKey, ScalingHistory> _histories = new();
    private readonly SelectorClaims _claims = new(cluster);
    private readonly ScaleTargets _targets = new(cluster);
    private readonly MetricSources _metrics = new(new PodMetrics(cluster, usage), new AdapterMetrics(cluster, new MetricsApis(cluster, adapters)));

    private KindDefinition Kind => cluster.Kinds.HorizontalPodAutoscaler;

    public string Name => Component;

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        new(Kind, static change =>
            change.Before is null || change.After is null || change.Before.Metadata.Generation != change.After.Metadata.Generation ? [change.Current.Key] : []),
        new(cluster.Kinds.Pod, static _ => []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (await cluster.Client.FindAsync(Kind, key, cancellationToken) is not { Metadata.IsBeingDeleted: false } autoscaler)
        {
            _histories.TryRemove(key, out _);
            _claims.Forget(key);
            return ReconcileResult.Done;
        }

        AutoscalerOutcome outcome;
        try
        {
            ScaleTarget target = await _targets.GetAsync(key.Namespace, autoscaler.AsAutoscaler().Spec.ScaleTargetRef, cancellationToken);
            outcome = await ScaleAsync(autoscaler, target, cancellationToken);
        }
        catch (ApiException exception)
        {
            Warn(autoscaler, "FailedGetScale", exception.Message);
            await WriteAsync(autoscaler, outcome: null, [("AbleToScale", false, "FailedGetScale", $"the HPA controller was unable to get the target's current scale: {exception.Message}")], cancellationToken);
            return ReconcileResult.After(Period);
        }

        await WriteAsync(autoscaler, outcome, outcome.Conditions, cancellationToken);
        return ReconcileResult.After(Period);
    }

    private async Task<AutoscalerOutcome> ScaleAsync(ObjectDocument autoscaler, ScaleTarget target, CancellationToken cancellationToken)
    {
        HorizontalPodAutoscalerSpec spec = autoscaler.AsAutoscaler().Spec;
        int current = target.Replicas;
        ScalingHistory history = _histories.GetOrAdd(autoscaler.Key, _ => new ScalingHistory());
        history.Forget(cluster.Now);
        if (history.Recommendations.Count == 0)
        {
            history.Recommendations.Add((cluster.Now, current));
        }

        var ready = ("AbleToScale", true, "SucceededGetScale", "the HPA controller was able to get the target's current scale");
        if (current == 0 && spec.Least != 0)
        {
            var disabled = new AutoscalerOutcome { Current = 0, Desired = 0 };
            disabled.Conditions.AddRange([ready, ("ScalingActive", false, "ScalingDisabled", "scaling is disabled since the replica count of the target is zero")]);
            return disabled;
        }

        if (current > spec.MaxReplicas || current < spec.Least)
        {
            bool isAbove = current > spec.MaxReplicas;
            var bound = new AutoscalerOutcome { Current = current, Desired = isAbove ? spec.MaxReplicas : spec.Least };
            bound.Conditions.Add(ready);
            return await ApplyAsync(
                autoscaler, target, bound, $"Current number of replicas {(isAbove ? "above Spec.MaxReplicas" : "below Spec.MinReplicas")}", cancellationToken);
        }

        return await FollowAsync(autoscaler, target, history, ready, cancellationToken);
    }

    private async Task<AutoscalerOutcome> FollowAsync(
        ObjectDocument autoscaler,
        ScaleTarget target,
        ScalingHistory history,
        (string, bool, string, string) ready,
        CancellationToken cancellationToken)
    {
        HorizontalPodAutoscalerSpec spec = autoscaler.AsAutoscaler().Spec;
        (MetricProposal? best, List<JsonObject> statuses, MetricFailedException? failure) = await ProposeAsync(autoscaler, target, cancellationToken);
        if (best is null)
        {
            var stuck = new AutoscalerOutcome { Current = target.Replicas, Desired = target.Replicas, Metrics = statuses };
            string message = failure is { Reason: InvalidSelector or AmbiguousSelector } ? failure.Message : $"the HPA was unable to compute the replica count: {failure?.Message}";
            stuck.Conditions.AddRange([ready, ("ScalingActive", false, failure?.Reason ?? "FailedGetMetrics", message)]);
            return stuck;
        }

        Pace.Step step = Pace.Limit(spec, target.Replicas, best.Replicas, history, cluster.Now);
        var outcome = new AutoscalerOutcome { Current = target.Replicas, Desired = step.Replicas, Metrics = statuses };
        outcome.Conditions.AddRange(
        [
            ("AbleToScale", true, step.Stabilized.Reason, step.Stabilized.Message),
            ("ScalingActive", true, "ValidMetricFound", $"the HPA was able to successfully calculate a replica count from {best.Name}"),
            ("ScalingLimited", step.Limited.IsTrue, step.Limited.Reason, step.Limited.Message),
        ]);
        return await ApplyAsync(
            autoscaler, target, outcome, step.Replicas > target.Replicas ? $"{best.Name} above target" : "All metrics below target", cancellationToken);
    }

    /// <summary>The largest proposal. One metric that fails keeps the target from shrinking; all that fail keep it as it is.</summary>
    private async Task<(MetricProposal? Best, List<JsonObject> Statuses, MetricFailedException? Failure)> ProposeAsync(
        ObjectDocument autoscaler, ScaleTarget target, CancellationToken cancellationToken)
    {
        if (target.Selector is null)
        {
            Warn(autoscaler, "SelectorRequired", "selector is required");
            return (null, [], new MetricFailedException(InvalidSelector, "the HPA target's scale is missing a selector"));
        }

        if (_claims.Claim(autoscaler.Key, target.Selector) is [_, ..] claimants)
        {
            string message = $"pods by selector {SelectorText.Query(target.Selector)} are controlled by multiple HPAs: [{string.Join(' ', claimants)}]";
            Warn(autoscaler, AmbiguousSelector, message);
            return (null, [], new MetricFailedException(AmbiguousSelector, message));
        }

        MetricProposal? best = null;
        MetricFailedException? failure = null;
        List<JsonObject> statuses = [];
        var tolerances = MetricMath.Tolerances.Of(autoscaler.AsAutoscaler().Spec.Behavior);
        int failed = 0;
        string first = "";
        JsonObject[] metrics = [.. autoscaler.ToJson().Objects("spec", "metrics")];
        foreach (JsonObject metric in metrics)
        {
            try
            {
                MetricProposal proposal = await _metrics.ComputeAsync(target, metric, tolerances, cancellationToken);
                statuses.Add(proposal.Status);
                best = best is null || proposal.Replicas > best.Replicas ? proposal : best;
            }
            catch (MetricFailedException exception)
            {
                Warn(autoscaler, exception.Reason, exception.Message);
                if (failed++ == 0)
                {
                    failure = exception;
                    first = $"{MetricSources.Failed(metric)}: {exception.Message}";
                }
            }
        }

        if (failure is not null && (best is null || best.Replicas < target.Replicas))
        {
            Warn(
                autoscaler,
                "FailedComputeMetricsReplicas",
                $"invalid metrics ({failed} invalid out of {metrics.Length}), first error is: {first}");
            return (null, statuses, failure);
        }

        return (best, statuses, failure);
    }

    private async Task<AutoscalerOutcome> ApplyAsync(
        ObjectDocument autoscaler, ScaleTarget target, AutoscalerOutcome outcome, string reason, CancellationToken cancellationToken)
    {
        if (outcome.Desired == target.Replicas)
        {
            return outcome;
        }

        try
        {
            await _targets.SetAsync(target, outcome.Desired, cancellationToken);
        }
        catch (ApiException exception)
        {
            Warn(autoscaler, "FailedRescale", $"New size: {outcome.Desired}; reason: {reason}; error: {exception.Message}");
            outcome.Conditions.Add(("AbleToScale", false, "FailedUpdateScale", $"the HPA controller was unable to update the target scale: {exception.Message}"));
            return outcome;
        }

        _histories.GetOrAdd(autoscaler.Key, _ => new ScalingHistory()).Changes.Add((cluster.Now, outcome.Desired - target.Replicas));
        cluster.Events.Normal(Kind, autoscaler, "SuccessfulRescale", $"New size: {outcome.Desired}; reason: {reason}", Component);
        outcome.Conditions.Add(("AbleToScale", true, "SucceededRescale", $"the HPA controller was able to update the target scale to {outcome.Desired}"));
        return outcome with { HasScaled = true };
    }

    private async Task WriteAsync(
        ObjectDocument autoscaler,
        AutoscalerOutcome? outcome,
        List<(string Type, bool Value, string Reason, string Message)> conditions,
        CancellationToken cancellationToken) =>
        await cluster.Writer.UpdateStatusAsync(
            Kind,
            autoscaler,
            status =>
            {
                status["observedGeneration"] = autoscaler.Metadata.Generation;
                if (outcome is not null)
                {
                    status["currentReplicas"] = outcome.Current;
                    status["desiredReplicas"] = outcome.Desired;
                    status["currentMetrics"] = new JsonArray([.. outcome.Metrics.Select(metric => metric.DeepClone())]);
                    if (outcome.HasScaled)
                    {
                        status["lastScaleTime"] = ApiTime.Format(cluster.Now);
                    }
                }

                foreach ((string type, bool value, string reason, string message) in conditions)
                {
                    StatusConditions.Set(status, type, value, reason, message, cluster.Now);
                }
            },
            cancellationToken);

    private void Warn(ObjectDocument autoscaler, string reason, string message) =>
        cluster.Events.Warning(Kind, autoscaler, reason, message, Component);
}
