using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>Asks each metric of an autoscaler for its proposal.</summary>
internal sealed class MetricSources(PodMetrics pods)
{
    /// <exception cref="MetricFailedException">The metric cannot be had or computed now.</exception>
    public MetricProposal Compute(ScaleTarget target, JsonObject metric, MetricMath.Tolerances tolerances) => metric.Text("type") switch
    {
        "Resource" => pods.Compute(target, metric.Object("resource") ?? [], tolerances),
        "ContainerResource" => pods.Compute(target, metric.Object("containerResource") ?? [], tolerances),
        "Pods" => throw NoCustom("FailedGetPodsMetric", metric.TextOrEmpty("pods", "metric", "name")),
        "Object" => throw NoCustom("FailedGetObjectMetric", metric.TextOrEmpty("object", "metric", "name")),
        "External" => throw new MetricFailedException(
            "FailedGetExternalMetric",
            $"unable to get external metric {target.Key.Namespace}/{metric.TextOrEmpty("external", "metric", "name")}: unable to fetch metrics from external metrics API: no external metrics API (external.metrics.k8s.io) registered"),
        var type => throw new MetricFailedException("InvalidMetricSourceType", $"unknown metric source type \"{type}\""),
    };

    // This server serves resource metrics only; an adapter would have to bring the other APIs.
    private static MetricFailedException NoCustom(string reason, string metric) => new(
        reason,
        $"unable to get metric {metric}: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered");
}
