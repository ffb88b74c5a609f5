using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>Computes the metrics Pods, Object and External from what adapters serve.</summary>
internal sealed class AdapterMetrics(ClusterContext cluster, MetricsApis apis)
{
    public async Task<MetricProposal> OfPodsAsync(
        ScaleTarget target, JsonObject source, MetricMath.Tolerances tolerances, CancellationToken cancellationToken)
    {
        const string Reason = "FailedGetPodsMetric";
        (string name, JsonObject? selector) = Metric(source);
        long average = Target(source, "averageValue") ?? 0;
        PodGroups groups;
        try
        {
            IReadOnlyDictionary<string, PodFigure> figures = await apis.OfPodsAsync(
                target.Key.Namespace, target.Selector!, name, selector, cancellationToken);
            groups = PodGroups.Of(
                Pods(target), pod => figures.GetValueOrDefault(pod.Metadata.Name), isCpu: false, cluster.Now);
        }
        catch (ApiException exception)
        {
            throw new MetricFailedException(Reason, $"unable to get metric {name}: {exception.Message}");
        }

        if (groups.Used.Count == 0)
        {
            throw new MetricFailedException(Reason, "did not receive metrics for targeted pods (pods might be unready)");
        }

        int replicas = MetricMath.Replicas(
            groups, target.Replicas, average, utilization: null, new Dictionary<string, long>(StringComparer.Ordinal), tolerances);
        long mean = groups.Used.Values.Sum() / groups.Used.Count;
        return new MetricProposal(replicas, $"pods metric {name}", Status("Pods", "pods", new JsonObject
        {
            ["metric"] = source.Object("metric")?.DeepClone(),
            ["current"] = Current("averageValue", mean),
        }));
    }

    public async Task<MetricProposal> OfObjectAsync(
        ScaleTarget target, JsonObject source, MetricMath.Tolerances tolerances, CancellationToken cancellationToken)
    {
        (string name, JsonObject? selector) = Metric(source);
        JsonObject? described = source.Object("describedObject");
        string kind = described.TextOrEmpty("kind");
        long figure;
        try
        {
            figure = await apis.OfObjectAsync(target.Key.Namespace, described, name, selector, cancellationToken);
        }
        catch (ApiException exception)
        {
            throw new MetricFailedException(
                "FailedGetObjectMetric", $"unable to get metric {name}: {exception.Message} on {target.Key.Namespace} {kind}/{described.TextOrEmpty("name")}");
        }

        (int replicas, JsonObject current) = Propose(target, source, figure, tolerances)
            ?? throw new MetricFailedException(
                "FailedGetObjectMetric", "invalid object metric source: neither a value target nor an average value target was set");
        return new MetricProposal(replicas, $"{kind} metric {name}", Status("Object", "object", new JsonObject
        {
            ["describedObject"] = described?.DeepClone(),
            ["metric"] = source.Object("metric")?.DeepClone(),
            ["current"] = current,
        }));
    }

    public async Task<MetricProposal> OfOutsideAsync(
        ScaleTarget target, JsonObject source, MetricMath.Tolerances tolerances, CancellationToken cancellationToken)
    {
        (string name, JsonObject? selector) = Metric(source);
        long figure;
        try
        {
            figure = await apis.ExternalAsync(target.Key.Namespace, name, selector, cancellationToken);
        }
        catch (ApiException exception)
        {
            throw new MetricFailedException(
                "FailedGetExternalMetric",
                $"unable to get external metric {target.Key.Namespace}/{name}/{SelectorText.Printed(selector)}: {exception.Message}");
        }

        (int replicas, JsonObject current) = Propose(target, source, figure, tolerances)
            ?? throw new MetricFailedException(
                "FailedGetExternalMetric", "invalid external metric source: neither a value target nor an average value target was set");
        return new MetricProposal(replicas, $"external metric {name}({SelectorText.Printed(selector)})", Status("External", "external", new JsonObject
        {
            ["metric"] = source.Object("metric")?.DeepClone(),
            ["current"] = current,
        }));
    }

    /// <summary>A value is held as it is, an average by having enough pods to share it. Null when neither is asked for.</summary>
    private (int Replicas, JsonObject Current)? Propose(
        ScaleTarget target, JsonObject source, long figure, MetricMath.Tolerances tolerances)
    {
        if (Target(source, "value") is { } value)
        {
            int ready = Pods(target).Count(pod => pod.AsPod().IsReady);
            return (MetricMath.ByValue(figure, value, target.Replicas, ready, tolerances), Current("value", figure));
        }

        if (Target(source, "averageValue") is not { } share)
        {
            return null;
        }

        int replicas = MetricMath.ByShare(figure, share, target.Existing, tolerances);
        return (replicas, Current("averageValue", (long)Math.Ceiling(figure / (double)Math.Max(1, target.Existing))));
    }

    private static (string Name, JsonObject? Selector) Metric(JsonObject source) =>
        (source.TextOrEmpty("metric", "name"), source.Object("metric", "selector"));

    private static long? Target(JsonObject source, string field) =>
        Quantity.TryParse(source.TextOrEmpty("target", field), out Quantity amount) && amount.Sign > 0 ? amount.MilliValue : null;

    private static JsonObject Current(string field, long milli) => new() { [field] = Quantity.FromMilli(milli).ToString() };

    private static JsonObject Status(string type, string field, JsonObject entry) => new() { ["type"] = type, [field] = entry };

    private IEnumerable<ObjectDocument> Pods(ScaleTarget target) => cluster.Informers.For(cluster.Kinds.Pod).InNamespace(target.Key.Namespace)
        .Where(pod => target.Selector?.Matches(pod.Metadata.Labels) == true);
}
