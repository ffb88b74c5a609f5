using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MiniPlane.ApiServer.Metrics;

/// <summary>
/// Shows the instruments of all meters whose name begins with <c>MiniPlane</c>: counters, gauges and histograms of any room appear at
/// <c>/metrics</c> under their own names, with no package between.
/// </summary>
internal sealed class MeterMetrics : IMetricsSource, IDisposable
{
    private const string Prefix = "MiniPlane";

    // Tag sets are bounded by who makes them; more than this per instrument is a mistake, and the rest is dropped.
    private const int MaxSeries = 2000;

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, Series>> _instruments = [];

    public MeterMetrics()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                _instruments.TryAdd(instrument, new ConcurrentDictionary<string, Series>(StringComparer.Ordinal));
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    public void Write(MetricsText text)
    {
        _listener.RecordObservableInstruments();

        // Each of several parts of one sort has an instrument of its own; a family may be told only once.
        foreach (var family in _instruments.GroupBy(one => one.Key.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Instrument instrument = family.First().Key;
            bool isHistogram = IsHistogram(instrument);
            text.Family(instrument.Name, isHistogram ? "histogram" : IsCounter(instrument) ? "counter" : "gauge", instrument.Description ?? instrument.Name);
            foreach ((string labels, Series series) in family.SelectMany(one => one.Value).DistinctBy(one => one.Key, StringComparer.Ordinal))
            {
                if (isHistogram)
                {
                    (long[] counts, double sum) = series.Distribution();
                    text.Histogram(instrument.Name, labels, RequestSeries.Bounds, counts, sum);
                }
                else
                {
                    text.Sample(instrument.Name, labels, series.Value);
                }
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_instruments.TryGetValue(instrument, out ConcurrentDictionary<string, Series>? all))
        {
            return;
        }

        string labels = Labels(tags);
        if (!all.TryGetValue(labels, out Series? series))
        {
            if (all.Count >= MaxSeries)
            {
                return;
            }

            series = all.GetOrAdd(labels, static _ => new Series());
        }

        if (IsHistogram(instrument))
        {
            series.Observe(value);
        }
        else if (instrument.IsObservable || instrument is Gauge<long> or Gauge<double> or Gauge<int>)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new (string, string)[tags.Length];
        for (int at = 0; at < tags.Length; at++)
        {
            labels[at] = (tags[at].Key, tags[at].Value?.ToString() ?? "");
        }

        return MetricsText.Labels(labels);
    }

    private static bool IsHistogram(Instrument instrument) => instrument is Histogram<double> or Histogram<long> or Histogram<int>;

    private static bool IsCounter(Instrument instrument) =>
        instrument is Counter<long> or Counter<int> or Counter<double> or ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double>;

    private sealed class Series
    {
        // Guards the fields. Held for an addition only.
        private readonly Lock _gate = new();
        private long[]? _counts;
        private double _value;

        public double Value
        {
            get
            {
                lock (_gate)
                {
                    return _value;
                }
            }
        }

        public void Add(double value)
        {
            lock (_gate)
            {
                _value += value;
            }
        }

        public void Set(double value)
        {
            lock (_gate)
            {
                _value = value;
            }
        }

        public void Observe(double value)
        {
            int at = Array.BinarySearch(RequestSeries.Bounds, value);
            lock (_gate)
            {
                _counts ??= new long[RequestSeries.Bounds.Length + 1];
                _counts[at < 0 ? ~at : at]++;
                _value += value;
            }
        }

        public (long[] Counts, double Sum) Distribution()
        {
            lock (_gate)
            {
                return ([.. _counts ?? new long[RequestSeries.Bounds.Length + 1]], _value);
            }
        }
    }
}
