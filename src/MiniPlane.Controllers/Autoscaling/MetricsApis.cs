using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Quantities;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>
/// Asks the adapters behind <c>custom.metrics.k8s.io</c> and <c>external.metrics.k8s.io</c>, by the paths of k8s.io/metrics. What it
/// throws says what went wrong in upstream's words, without what was to be done with the figure.
/// </summary>
internal sealed class MetricsApis(ClusterContext cluster, IAggregatedGroups groups)
{
    private const string Custom = "custom.metrics.k8s.io";
    private const string External = "external.metrics.k8s.io";
    private const string ServiceAccount = "horizontal-pod-autoscaler";
    private static readonly string[] CustomVersions = ["v1beta2", "v1beta1"];
    private static readonly TimeSpan UsualWindow = TimeSpan.FromMinutes(1);

    /// <summary>The metric of each pod that the selector matches, by the pod's name.</summary>
    public async Task<IReadOnlyDictionary<string, PodFigure>> OfPodsAsync(
        string space, LabelSelector pods, string metric, JsonObject? metricSelector, CancellationToken cancellationToken)
    {
        string path = $"{CustomRoot()}/namespaces/{space}/pods/*/{Uri.EscapeDataString(metric)}"
            + Query(("labelSelector", SelectorText.Query(pods)), ("metricLabelSelector", Text(metricSelector)));
        JsonObject[] items = await ItemsAsync("custom", path, cancellationToken);
        return items.Length == 0
            ? throw new ApiException(404, "NotFound", "no metrics returned from custom metrics API")
            : items.DistinctBy(item => item.TextOrEmpty("describedObject", "name"), StringComparer.Ordinal).ToDictionary(
                item => item.TextOrEmpty("describedObject", "name"), Figure, StringComparer.Ordinal);
    }

    /// <summary>The metric of one object, in thousandths.</summary>
    public async Task<long> OfObjectAsync(
        string space, JsonObject? described, string metric, JsonObject? metricSelector, CancellationToken cancellationToken)
    {
        string kind = described.TextOrEmpty("kind");
        string name = Uri.EscapeDataString(metric);
        string path = kind == "Namespace" && OwnerReferences.GroupOf(described.TextOrEmpty("apiVersion")).Length == 0
            ? $"{CustomRoot()}/namespaces/{space}/metrics/{name}"
            : $"{CustomRoot()}/namespaces/{space}/{Resource(described)}/{described.TextOrEmpty("name")}/{name}";
        JsonObject[] items = await ItemsAsync("custom", path + Query(("metricLabelSelector", Text(metricSelector))), cancellationToken);
        return items.Length == 1
            ? Milli(items[0])
            : throw new ApiException(
                500, "InternalError", $"unable to fetch metrics from custom metrics API: the custom metrics API server returned {items.Length} results when we asked for exactly one");
    }

    /// <summary>The sum over all series of a metric from outside the cluster, in thousandths.</summary>
    public async Task<long> ExternalAsync(string space, string metric, JsonObject? selector, CancellationToken cancellationToken)
    {
        if (!groups.VersionsOf(External).Contains("v1beta1", StringComparer.Ordinal))
        {
            throw new ApiException(
                404, "NotFound", $"unable to fetch metrics from external metrics API: the server could not find the requested resource (get {metric}.{External})");
        }

        string path = $"/apis/{External}/v1beta1/namespaces/{space}/{Uri.EscapeDataString(metric)}{Query(("labelSelector", Text(selector)))}";
        JsonObject[] items = await ItemsAsync("external", path, cancellationToken);
        return items.Length == 0
            ? throw new ApiException(404, "NotFound", "no metrics returned from external metrics API")
            : items.Sum(Milli);
    }

    private static PodFigure Figure(JsonObject item)
    {
        bool hasTime = DateTimeOffset.TryParse(
            item.TextOrEmpty("timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time);
        TimeSpan window = item.Integer("windowSeconds") is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : UsualWindow;
        return new PodFigure(Milli(item), hasTime ? time : default, window);
    }

    private static long Milli(JsonObject item) => Quantity.TryParse(item.TextOrEmpty("value"), out Quantity value) ? value.MilliValue : 0;

    private static string Text(JsonObject? selector) => selector is null ? "" : SelectorText.Query(LabelSelectorParser.FromJson(selector));

    private static string Query(params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        string query = "";
        foreach ((string name, string value) in parameters)
        {
            if (value.Length > 0)
            {
                query += $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
            }
        }

        return query;
    }

    private string CustomRoot()
    {
        IReadOnlyList<string> served = groups.VersionsOf(Custom);
        string version = served.FirstOrDefault(each => CustomVersions.Contains(each, StringComparer.Ordinal))
            ?? throw new ApiException(
                404, "NotFound", $"unable to fetch metrics from custom metrics API: no custom metrics API ({Custom}) registered");
        return $"/apis/{Custom}/{version}";
    }

    private string Resource(JsonObject? described)
    {
        string apiVersion = described.TextOrEmpty("apiVersion");
        KindDefinition kind = cluster.Client.Catalogue.FindKind(apiVersion, described.TextOrEmpty("kind"))
            ?? throw new ApiException(
                404, "NotFound", $"unable to fetch metrics from custom metrics API: unable to map kind {described.TextOrEmpty("kind")}.{OwnerReferences.GroupOf(apiVersion)} to resource");
        return kind.Group.Length == 0 ? kind.Plural : $"{kind.Plural}.{kind.Group}";
    }

    private async Task<JsonObject[]> ItemsAsync(string api, string path, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await groups.GetAsync(path, ServiceAccount, cancellationToken)).Objects("items")];
        }
        catch (ApiException exception)
        {
            throw new ApiException(exception.Code, exception.Reason, $"unable to fetch metrics from {api} metrics API: {exception.Message}");
        }
    }
}
