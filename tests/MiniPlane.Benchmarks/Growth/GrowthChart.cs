using System.Text;

namespace MiniPlane.Benchmarks.Growth;

/// <summary>Draws costs over the number of objects as SVG: each line in proportion to its first point, so flat is flat.</summary>
internal static class GrowthChart
{
    private const int Left = 50;
    private const int Top = 20;
    private const int Width = 420;
    private const int Height = 240;
    private const double Most = 2;

    private static readonly string[] Colours = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#17becf", "#7f7f7f"];

    public static string Draw(IReadOnlyList<int> sizes, IEnumerable<KeyValuePair<string, double[]>> rows)
    {
        var text = new StringBuilder();
        text.Append(Invariant($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 320" font-family="sans-serif" font-size="12">"""));
        text.Append("""<rect width="760" height="320" fill="white"/>""").Append('\n');
        for (double level = 0; level <= Most; level += 0.5)
        {
            text.Append(Invariant($"""<path d="M{Left} {Y(level):F0}h{Width}" stroke="#ddd"/><text x="{Left - 6}" y="{Y(level) + 4:F0}" text-anchor="end">{level:0.0}</text>""")).Append('\n');
        }

        for (int at = 0; at < sizes.Count; at++)
        {
            text.Append(Invariant($"""<text x="{X(sizes, at):F0}" y="{Top + Height + 18}" text-anchor="middle">{sizes[at]:N0} pods</text>""")).Append('\n');
        }

        text.Append(Invariant($"""<text x="{Left}" y="{Top + Height + 42}">CPU per operation, in proportion to {sizes[0]:N0} pods</text>""")).Append('\n');
        foreach ((int number, KeyValuePair<string, double[]> row) in rows.Index())
        {
            string colour = Colours[number % Colours.Length];
            string points = string.Join(' ', row.Value.Select((cost, at) => Invariant($"{X(sizes, at):F0},{Y(Math.Min(Most, cost / row.Value[0])):F0}")));
            text.Append(Invariant($"""<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/><text x="{Left + Width + 14}" y="{Top + 14 + (number * 20)}" fill="{colour}">{row.Key}</text>""")).Append('\n');
        }

        return text.Append("</svg>\n").ToString();
    }

    private static double X(IReadOnlyList<int> sizes, int at) =>
        Left + 20 + ((Width - 60) * Math.Log((double)sizes[at] / sizes[0]) / Math.Max(1e-9, Math.Log((double)sizes[^1] / sizes[0])));

    private static double Y(double level) => Top + Height - (Height * level / Most);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
