using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>From what pods use to how many there should be (upstream's replica_calculator). Pure.</summary>
internal static class MetricMath
{
    /// <summary>How far off the target is still on it, up and down (<c>--horizontal-pod-autoscaler-tolerance</c>).</summary>
    internal sealed record Tolerances(double Up, double Down)
    {
        private const double Usual = 0.1;

        public static Tolerances Of(ScalingBehavior? behavior) => new(Read(behavior?.ScaleUp), Read(behavior?.ScaleDown));

        public bool Cover(double ratio) => ratio >= 1 - Down && ratio <= 1 + Up;

        private static double Read(ScalingRules? rules) =>
            rules?.Tolerance is { } text && Quantity.TryParse(text, out Quantity amount) ? amount.MilliValue / 1000.0 : Usual;
    }

    /// <summary>
    /// The number of pods that brings the mean to the target. Pods without a measurement count as using what makes the change
    /// smaller, so that a gap in the data never makes a jump.
    /// </summary>
    /// <param name="groups">The pods and what they use.</param>
    /// <param name="current">How many pods there are to be now.</param>
    /// <param name="target">What one pod should use; 0 when it is given as utilization of <paramref name="requests"/>.</param>
    /// <param name="utilization">The target in percent of the requests; null for a plain target.</param>
    /// <param name="requests">What each pod asks for.</param>
    /// <param name="tolerances">How far off is still on target.</param>
    public static int Replicas(
        PodGroups groups, int current, long target, int? utilization, IReadOnlyDictionary<string, long> requests, Tolerances tolerances)
    {
        Dictionary<string, long> used = new(groups.Used, StringComparer.Ordinal);
        double ratio = Ratio(used, target, utilization, requests);
        bool raisesWithUnready = groups.Unready.Count > 0 && ratio > 1;
        if (!raisesWithUnready && groups.Missing.Count == 0)
        {
            return tolerances.Cover(ratio) ? current : (int)Math.Ceiling(ratio * groups.ReadyCount);
        }

        foreach (string pod in groups.Missing)
        {
            used[pod] = ratio >= 1 ? 0
                : utilization is { } percent ? requests.GetValueOrDefault(pod) * Math.Max(100, percent) / 100
                : target;
        }

        if (raisesWithUnready)
        {
            foreach (string pod in groups.Unready)
            {
                used[pod] = 0;
            }
        }

        double careful = Ratio(used, target, utilization, requests);
        if (tolerances.Cover(careful) || (ratio < 1 && careful > 1) || (ratio > 1 && careful < 1))
        {
            return current;
        }

        int wanted = (int)Math.Ceiling(careful * used.Count);
        return (careful < 1 && wanted > current) || (careful > 1 && wanted < current) ? current : wanted;
    }

    /// <summary>
    /// The number of pods for one figure about all of them. A target at zero is raised to as many as the figure has of the target in it.
    /// </summary>
    public static int ByValue(long value, long target, int current, int ready, Tolerances tolerances)
    {
        double ratio = value / (double)target;
        return current == 0 ? (int)Math.Ceiling(ratio) : tolerances.Cover(ratio) ? current : (int)Math.Ceiling(ratio * ready);
    }

    /// <summary>The number of pods for a figure that each of them is to have the same share of.</summary>
    public static int ByShare(long value, long share, int existing, Tolerances tolerances) =>
        tolerances.Cover(value / ((double)share * existing)) ? existing : (int)Math.Ceiling(value / (double)share);

    /// <summary>What is used, in percent of what is asked for.</summary>
    public static int Utilization(IReadOnlyDictionary<string, long> used, IReadOnlyDictionary<string, long> requests)
    {
        long asked = used.Keys.Sum(pod => requests.GetValueOrDefault(pod));
        return asked == 0 ? 0 : (int)(used.Values.Sum() * 100 / asked);
    }

    private static double Ratio(
        Dictionary<string, long> used, long target, int? utilization, IReadOnlyDictionary<string, long> requests)
    {
        if (used.Count == 0)
        {
            return 1;
        }

        return utilization is { } percent
            ? Utilization(used, requests) / (double)percent
            : used.Values.Sum() / (double)used.Count / target;
    }
}
