using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace MiniPlane.ApiServer.Metrics;

/// <summary>
/// How many requests of which sort, how long they took and how many run now, under upstream's names. One request costs two
/// look-ups and a few additions.
/// </summary>
internal sealed class RequestMetrics(TimeProvider time) : IMetricsSource
{
    // Sorts are bounded by kinds, verbs and codes; other paths are counted as one.
    private readonly ConcurrentDictionary<(string Group, string Version, string Resource, string Verb, string Subresource, string Scope), RequestSeries> _durations = [];
    private readonly ConcurrentDictionary<(string Group, string Version, string Resource, string Verb, string Subresource, string Scope, int Code), StrongBox<long>> _totals = [];
    private readonly ConcurrentDictionary<(string Group, string Version, string Resource, string Verb, string Subresource, string Scope), SizeSeries> _sizes = [];
    private readonly ConcurrentDictionary<(string Group, string Version, string Resource, string Verb, string Subresource, string Scope, int Code), StrongBox<long>> _terminations = [];
    private long _readOnly;
    private long _mutating;
    private long _lasting;

    public long Start(string method)
    {
        Interlocked.Increment(ref IsMutating(method) ? ref _mutating : ref _readOnly);
        return time.GetTimestamp();
    }

    /// <summary>The request is one that lasts: it no longer counts as in flight.</summary>
    public void Lasts(string method)
    {
        Interlocked.Decrement(ref IsMutating(method) ? ref _mutating : ref _readOnly);
        Interlocked.Increment(ref _lasting);
    }

    /// <summary>The server itself put an end to the request.</summary>
    public void Terminated(in RequestSort sort, int code) => Interlocked.Increment(ref _terminations.GetOrAdd(
        (sort.Group, sort.Version, sort.Resource, sort.Verb, sort.Subresource, sort.Scope, code), static _ => new StrongBox<long>()).Value);

    /// <param name="method">The HTTP method.</param>
    /// <param name="started">What <see cref="Start"/> gave.</param>
    /// <param name="sort">What sort of request it was.</param>
    /// <param name="code">The answer's code.</param>
    /// <param name="size">The bytes of the answer's body, where they are known.</param>
    public void End(string method, long started, in RequestSort sort, int code, long? size)
    {
        // As upstream, the sizes of what was read.
        if (size is { } bytes && !sort.IsLasting && sort.Verb is "GET" or "LIST" && sort.Resource.Length > 0)
        {
            _sizes.GetOrAdd((sort.Group, sort.Version, sort.Resource, sort.Verb, sort.Subresource, sort.Scope), static _ => new SizeSeries()).Add(bytes);
        }

        if (sort.IsLasting)
        {
            Interlocked.Decrement(ref _lasting);
        }
        else
        {
            Interlocked.Decrement(ref IsMutating(method) ? ref _mutating : ref _readOnly);
            _durations.GetOrAdd(
                (sort.Group, sort.Version, sort.Resource, sort.Verb, sort.Subresource, sort.Scope), static _ => new RequestSeries())
                .Add(time.GetElapsedTime(started));
        }

        StrongBox<long> total = _totals.GetOrAdd(
            (sort.Group, sort.Version, sort.Resource, sort.Verb, sort.Subresource, sort.Scope, code), static _ => new StrongBox<long>());
        Interlocked.Increment(ref total.Value);
    }

    public void Write(MetricsText text)
    {
        text.Family("apiserver_request_total", "counter", "Counter of apiserver requests broken out for each verb, resource, scope and HTTP response code.");
        foreach (((string group, string version, string resource, string verb, string sub, string scope, int code), StrongBox<long> total) in _totals)
        {
            string labels = $"code=\"{code.ToString(CultureInfo.InvariantCulture)}\",{Labels(group, version, resource, verb, sub, scope)}";
            text.Sample("apiserver_request_total", labels, Interlocked.Read(ref total.Value));
        }

        text.Family("apiserver_request_duration_seconds", "histogram", "Response latency distribution in seconds for each verb, resource and scope.");
        foreach (((string group, string version, string resource, string verb, string sub, string scope), RequestSeries series) in _durations)
        {
            text.Histogram(
                "apiserver_request_duration_seconds",
                Labels(group, version, resource, verb, sub, scope),
                RequestSeries.Bounds,
                series.Counts,
                series.Sum);
        }

        text.Family("apiserver_response_sizes", "histogram", "Response size distribution in bytes for each group, version, verb, resource, subresource, scope and component.");
        foreach (((string group, string version, string resource, string verb, string sub, string scope), SizeSeries series) in _sizes)
        {
            text.Histogram(
                "apiserver_response_sizes", SortLabels(group, version, resource, verb, sub, scope), SizeSeries.Bounds, series.Counts, series.Sum);
        }

        text.Family("apiserver_request_terminations_total", "counter", "Number of requests which apiserver terminated in self-defense.");
        foreach (((string group, string version, string resource, string verb, string sub, string scope, int code), StrongBox<long> total) in _terminations)
        {
            string labels = $"code=\"{code.ToString(CultureInfo.InvariantCulture)}\",{SortLabels(group, version, resource, verb, sub, scope)}";
            text.Sample("apiserver_request_terminations_total", labels, Interlocked.Read(ref total.Value));
        }

        text.Family("apiserver_current_inflight_requests", "gauge", "Number of requests that are served now, by kind.")
            .Sample("apiserver_current_inflight_requests", MetricsText.Labels(("request_kind", "mutating")), Interlocked.Read(ref _mutating))
            .Sample("apiserver_current_inflight_requests", MetricsText.Labels(("request_kind", "readOnly")), Interlocked.Read(ref _readOnly));
        text.Family("apiserver_longrunning_requests", "gauge", "Number of watches and streams that are open now.")
            .Sample("apiserver_longrunning_requests", "", Interlocked.Read(ref _lasting));
    }

    private static bool IsMutating(string method) => method is not ("GET" or "HEAD" or "OPTIONS");

    private static string Labels(string group, string version, string resource, string verb, string subresource, string scope) =>
        MetricsText.Labels(
            ("component", "apiserver"),
            ("dry_run", ""),
            ("group", group),
            ("resource", resource),
            ("scope", scope),
            ("subresource", subresource),
            ("verb", verb),
            ("version", version));

    private static string SortLabels(string group, string version, string resource, string verb, string subresource, string scope) =>
        MetricsText.Labels(
            ("component", "apiserver"),
            ("group", group),
            ("resource", resource),
            ("scope", scope),
            ("subresource", subresource),
            ("verb", verb),
            ("version", version));
}
