using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Recorded;

/// <summary>A line of <c>differences.jsonl</c>: where this server may answer otherwise than the real one, and why. A <c>*</c> stands for anything.</summary>
internal sealed record KnownDifference(string Case, string Path, string Reason)
{
    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        .. File.ReadLines(System.IO.Path.Combine(AppContext.BaseDirectory, "Recorded", "differences.jsonl"))
            .Select(line => JsonNode.Parse(line))
            .Select(line => new KnownDifference(line.TextOrEmpty("case"), line.TextOrEmpty("path"), line.TextOrEmpty("reason"))),
    ];

    public bool Covers(string name, string path) => Matches(Case, name) && Matches(Path, path);

    private static bool Matches(string pattern, string text) => Regex.IsMatch(
        text,
        $"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}$",
        RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1));
}
