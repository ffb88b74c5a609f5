using System.Globalization;
using System.Text;

namespace MiniPlane.ApiServer.Metrics;

/// <summary>Writes the Prometheus text format, version 0.0.4.</summary>
public sealed class MetricsText
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins a metric. <paramref name="type"/> is <c>counter</c>, <c>gauge</c> or <c>histogram</c>.</summary>
    public MetricsText Family(string name, string type, string help)
    {
        _text.Append("# HELP ").Append(name).Append(' ').Append(help.ReplaceLineEndings(" ")).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    /// <summary>One sample; <paramref name="labels"/> is what <see cref="Labels"/> made.</summary>
    public MetricsText Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(Number(value)).Append('\n');
        return this;
    }

    /// <summary>A histogram's buckets, sum and count. <paramref name="counts"/> has one more entry than there are bounds.</summary>
    public MetricsText Histogram(string name, string labels, IReadOnlyList<double> bounds, IReadOnlyList<long> counts, double sum)
    {
        long total = 0;
        string comma = labels.Length > 0 ? "," : "";
        for (int at = 0; at < counts.Count; at++)
        {
            total += counts[at];
            string bound = at < bounds.Count ? Number(bounds[at]) : "+Inf";
            Sample($"{name}_bucket", $"{labels}{comma}le=\"{bound}\"", total);
        }

        return Sample($"{name}_sum", labels, sum).Sample($"{name}_count", labels, total);
    }

    public static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder();
        foreach ((string name, string value) in labels)
        {
            text.Append(text.Length > 0 ? "," : "").Append(name).Append("=\"").Append(Escape(value)).Append('"');
        }

        return text.ToString();
    }

    public override string ToString() => _text.ToString();

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(double value) => double.IsPositiveInfinity(value)
        ? "+Inf"
        : value.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
}
