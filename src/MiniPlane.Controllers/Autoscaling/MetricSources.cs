using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>Asks each metric of an autoscaler for its proposal.</summary>
internal sealed class MetricSources(PodMetrics pods, AdapterMetrics adapters)
{
    /// <exception cref="MetricFailedException">The metric cannot be had or computed now.</exception>
    public async Task<MetricProposal> ComputeAsync(
        ScaleTarget target, JsonObject metric, MetricMath.Tolerances tolerances, CancellationToken cancellationToken)
    {
        return metric.Text("type") switch
        {
            "Resource" => pods.Compute(target, metric.Object("resource") ?? [], tolerances),
            "ContainerResource" => pods.Compute(target, metric.Object("containerResource") ?? [], tolerances),
            "Pods" => await adapters.OfPodsAsync(target, metric.Object("pods") ?? [], tolerances, cancellationToken),
            "Object" => await adapters.OfObjectAsync(target, metric.Object("object") ?? [], tolerances, cancellationToken),
            "External" => await adapters.OfOutsideAsync(target, metric.Object("external") ?? [], tolerances, cancellationToken),
            var type => throw new MetricFailedException("InvalidMetricSourceType", $"unknown metric source type \"{type}\""),
        };
    }

    /// <summary>What of the metric failed, before the reason why, in the message about all metrics.</summary>
    public static string Failed(JsonObject metric) => metric.Text("type") switch
    {
        "Resource" => $"failed to get {metric.TextOrEmpty("resource", "name")} resource metric value",
        "ContainerResource" => $"failed to get {metric.TextOrEmpty("containerResource", "name")} container metric value",
        "Pods" => "failed to get pods metric value",
        "Object" => "failed to get object metric value",
        "External" => "failed to get external metric value",
        _ => "failed to get metric value",
    };
}
