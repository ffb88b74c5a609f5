using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>Computes the metrics Resource and ContainerResource from what the agents measure.</summary>
internal sealed class PodMetrics(ClusterContext cluster, IPodUsage usage)
{
    /// <param name="target">What is scaled.</param>
    /// <param name="source">The metric's <c>resource</c> or <c>containerResource</c>.</param>
    /// <param name="tolerances">How far off is still on target.</param>
    public MetricProposal Compute(ScaleTarget target, JsonObject source, MetricMath.Tolerances tolerances)
    {
        string resource = source.TextOrEmpty("name");
        string? container = source.Text("container");
        string reason = container is null ? "FailedGetResourceMetric" : "FailedGetContainerResourceMetric";
        JsonObject wanted = source.Object("target") ?? [];
        string figure = wanted.Integer("averageUtilization") is null ? "usage" : "utilization";
        List<ObjectDocument> pods = Pods(target);
        var groups = PodGroups.Of(
            pods,
            pod => usage.Find(pod) is { } measured && Measure(measured, resource, container) is { } amount
                ? new PodFigure(amount, measured.Time, measured.Window)
                : null,
            resource == "cpu",
            cluster.Now);
        if (groups.Used.Count + groups.Unready.Count == 0 || groups is { Used.Count: 0, Missing.Count: > 0 })
        {
            throw new MetricFailedException(
                reason, $"failed to get {resource} {figure}: unable to get metrics for resource {resource}: no metrics returned from resource metrics API");
        }

        if (groups.Used.Count == 0)
        {
            throw new MetricFailedException(
                reason, $"failed to get {resource} {figure}: did not receive metrics for targeted pods (pods might be unready)");
        }

        if (wanted.Integer("averageUtilization") is { } percent)
        {
            Dictionary<string, long> requests = Requests(pods, resource, container, reason);
            int replicas = MetricMath.Replicas(groups, target.Replicas, 0, (int)percent, requests, tolerances);
            int utilization = MetricMath.Utilization(groups.Used, requests);
            return Proposal(replicas, groups, resource, container, utilization);
        }

        if (!Quantity.TryParse(wanted.TextOrEmpty("averageValue"), out Quantity average) || average.Sign <= 0)
        {
            throw new MetricFailedException(reason, "invalid resource metric source: neither an average utilization target nor an average value (raw) target was set");
        }

        int plain = MetricMath.Replicas(
            groups, target.Replicas, average.MilliValue, utilization: null, new Dictionary<string, long>(StringComparer.Ordinal), tolerances);
        return Proposal(plain, groups, resource, container, utilization: null);
    }

    private static long? Measure(PodUsage measured, string resource, string? container)
    {
        if (container is not null)
        {
            return measured.Containers.TryGetValue(container, out ContainerUsage one) ? Milli(one, resource) : null;
        }

        long sum = 0;
        foreach (ContainerUsage used in measured.Containers.Values)
        {
            if (Milli(used, resource) is not { } amount)
            {
                return null;
            }

            sum += amount;
        }

        return sum;
    }

    private static long? Milli(ContainerUsage used, string resource) => resource switch
    {
        "cpu" => (used.CpuNanoCores + 999_999) / 1_000_000,
        "memory" => used.MemoryBytes * 1000,
        _ => null,
    };

    private static MetricProposal Proposal(int replicas, PodGroups groups, string resource, string? container, int? utilization)
    {
        long mean = groups.Used.Values.Sum() / Math.Max(1, groups.Used.Count);
        var current = new JsonObject { ["averageValue"] = Quantity.FromMilli(mean).ToString() };
        if (utilization is { } percent)
        {
            current["averageUtilization"] = percent;
        }

        var entry = new JsonObject { ["name"] = resource, ["current"] = current };
        string what = utilization is null ? $"{resource} resource" : $"{resource} resource utilization (percentage of request)";
        if (container is null)
        {
            return new MetricProposal(replicas, what, new JsonObject { ["type"] = "Resource", ["resource"] = entry });
        }

        entry["container"] = container;
        string inside = utilization is null ? $"{resource} container resource" : $"{resource} container resource utilization (percentage of request)";
        return new MetricProposal(replicas, inside, new JsonObject { ["type"] = "ContainerResource", ["containerResource"] = entry });
    }

    private List<ObjectDocument> Pods(ScaleTarget target) =>
    [
        .. cluster.Informers.For(cluster.Kinds.Pod).InNamespace(target.Key.Namespace)
            .Where(pod => target.Selector?.Matches(pod.Metadata.Labels) == true),
    ];

    /// <summary>A share of the requests can only be told when every container has one.</summary>
    private static Dictionary<string, long> Requests(List<ObjectDocument> pods, string resource, string? container, string reason)
    {
        Dictionary<string, long> requests = new(StringComparer.Ordinal);
        foreach (ObjectDocument pod in pods)
        {
            PodSpec spec = pod.AsPod().Spec;
            long sum = 0;
            foreach (Container one in spec.Containers.Concat(spec.InitContainers.Where(init => init.RestartPolicy == "Always"))
                .Where(one => container is null || one.Name == container))
            {
                string? text = one.Resources?.Requests?.GetValueOrDefault(resource) ?? one.Resources?.Limits?.GetValueOrDefault(resource);
                sum += Quantity.TryParse(text ?? "", out Quantity amount)
                    ? amount.MilliValue
                    : throw new MetricFailedException(
                        reason, $"failed to get {resource} utilization: missing request for {resource} in container {one.Name} of Pod {pod.Metadata.Name}");
            }

            requests[pod.Metadata.Name] = sum;
        }

        return requests;
    }
}
