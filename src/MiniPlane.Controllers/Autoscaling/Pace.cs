using MiniPlane.Controllers.Views;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>
/// How fast a target may follow its metrics: stabilization windows, rate policies, least and most (upstream's
/// normalizeDesiredReplicasWithBehaviors). Pure.
/// </summary>
internal static class Pace
{
    private static readonly ScalingRules UsualUp = new()
    {
        StabilizationWindowSeconds = 0,
        Policies = [new ScalingPolicy { Type = "Pods", Value = 4, PeriodSeconds = 15 }, new ScalingPolicy { Type = "Percent", Value = 100, PeriodSeconds = 15 }],
    };

    private static readonly ScalingRules UsualDown = new()
    {
        StabilizationWindowSeconds = 300,
        Policies = [new ScalingPolicy { Type = "Percent", Value = 100, PeriodSeconds = 15 }],
    };

    /// <summary>The outcome, and the two conditions that tell of it.</summary>
    internal sealed record Step(int Replicas, PaceReason Stabilized, PaceReason Limited);

    public static Step Limit(HorizontalPodAutoscalerSpec spec, int current, int wanted, ScalingHistory history, DateTimeOffset now)
    {
        ScalingRules up = spec.Behavior?.ScaleUp ?? UsualUp;
        ScalingRules down = spec.Behavior?.ScaleDown ?? UsualDown;
        (int stable, PaceReason stabilized) = Stabilize(up, down, current, wanted, history, now);
        (int replicas, PaceReason limited) = stable > current ? LimitUp(spec, up, current, stable, history, now)
            : stable < current ? LimitDown(spec, down, current, stable, history, now)
            : Bound(spec, stable);
        return new Step(replicas, stabilized, limited);
    }

    private static (int Replicas, PaceReason Reason) Stabilize(
        ScalingRules up, ScalingRules down, int current, int wanted, ScalingHistory history, DateTimeOffset now)
    {
        DateTimeOffset upFrom = now - TimeSpan.FromSeconds(up.StabilizationWindowSeconds ?? 0);
        DateTimeOffset downFrom = now - TimeSpan.FromSeconds(down.StabilizationWindowSeconds ?? 300);
        int lowest = wanted;
        int highest = wanted;
        foreach ((DateTimeOffset time, int replicas) in history.Recommendations)
        {
            lowest = time > upFrom ? Math.Min(lowest, replicas) : lowest;
            highest = time > downFrom ? Math.Max(highest, replicas) : highest;
        }

        history.Recommendations.Add((now, wanted));
        int stable = Math.Max(current, lowest) is var raised && raised > highest ? highest : raised;
        return stable == wanted ? (stable, PaceReason.Ready)
            : stable > wanted ? (stable, PaceReason.DownStabilized)
            : (stable, PaceReason.UpStabilized);
    }

    private static (int Replicas, PaceReason Reason) LimitUp(
        HorizontalPodAutoscalerSpec spec, ScalingRules rules, int current, int wanted, ScalingHistory history, DateTimeOffset now)
    {
        int limit = Math.Max(current, UpLimit(rules, current, history, now));
        int most = Math.Min(spec.MaxReplicas, limit);
        return wanted <= most ? Bound(spec, wanted)
            : (most, limit < spec.MaxReplicas ? PaceReason.UpLimit : PaceReason.TooMany);
    }

    private static (int Replicas, PaceReason Reason) LimitDown(
        HorizontalPodAutoscalerSpec spec, ScalingRules rules, int current, int wanted, ScalingHistory history, DateTimeOffset now)
    {
        int limit = Math.Min(current, DownLimit(rules, current, history, now));
        int least = Math.Max(spec.Least, limit);
        return wanted >= least ? Bound(spec, wanted)
            : (least, limit > spec.Least ? PaceReason.DownLimit : PaceReason.TooFew);
    }

    private static (int Replicas, PaceReason Reason) Bound(HorizontalPodAutoscalerSpec spec, int wanted) =>
        wanted > spec.MaxReplicas ? (spec.MaxReplicas, PaceReason.TooMany)
        : wanted < spec.Least ? (spec.Least, PaceReason.TooFew)
        : (wanted, PaceReason.InRange);

    private static int UpLimit(ScalingRules rules, int current, ScalingHistory history, DateTimeOffset now)
    {
        if (rules.SelectPolicy == "Disabled")
        {
            return current;
        }

        IEnumerable<int> limits = (rules.Policies ?? UsualUp.Policies ?? []).Select(policy =>
        {
            DateTimeOffset since = now - TimeSpan.FromSeconds(policy.PeriodSeconds);
            int before = current - history.AddedSince(since) + history.RemovedSince(since);
            return policy.Type == "Pods" ? before + policy.Value : (int)Math.Ceiling(before * (1 + (policy.Value / 100.0)));
        });
        return rules.SelectPolicy == "Min" ? limits.Min() : limits.Max();
    }

    private static int DownLimit(ScalingRules rules, int current, ScalingHistory history, DateTimeOffset now)
    {
        if (rules.SelectPolicy == "Disabled")
        {
            return current;
        }

        IEnumerable<int> limits = (rules.Policies ?? UsualDown.Policies ?? []).Select(policy =>
        {
            DateTimeOffset since = now - TimeSpan.FromSeconds(policy.PeriodSeconds);
            int before = current - history.AddedSince(since) + history.RemovedSince(since);
            return policy.Type == "Pods" ? before - policy.Value : (int)(before * (1 - (policy.Value / 100.0)));
        });
        return rules.SelectPolicy == "Min" ? limits.Max() : limits.Min();
    }
}
