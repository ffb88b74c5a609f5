using System.Globalization;

namespace MiniPlane.Benchmarks;

/// <summary>Prints a Markdown table, a row as soon as it is known.</summary>
internal sealed class Report
{
    private readonly TextWriter _output;

    public Report(TextWriter output)
    {
        _output = output;
        _output.WriteLine("| what | rate | CPU ms/op | p50 ms | p99 ms | bytes |");
        _output.WriteLine("|---|---|---|---|---|---|");
    }

    public void Row(string what, double value, string unit) =>
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {value:F2} {unit} | | | | |"));

    public void Row(Measurement measured) => _output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {measured.Name} | {measured.Rate:F0}/s | {measured.CpuMilliseconds:F3} | {measured.Percentile(50):F1} | {measured.Percentile(99):F1} | {measured.BytesPerOperation:F0} |"));
}
