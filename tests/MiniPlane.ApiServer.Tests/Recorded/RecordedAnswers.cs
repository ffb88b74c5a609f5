namespace MiniPlane.ApiServer.Tests.Recorded;

/// <summary>Holds answers against recordings of a real kube-apiserver: every difference must be listed, every line of the list be needed.</summary>
internal sealed class RecordedAnswers(string prefix)
{
    private readonly List<string> _unlisted = [];
    private readonly HashSet<KnownDifference> _used = [];

    public void Compare(string name, IEnumerable<JsonDifference> differences)
    {
        foreach (JsonDifference difference in differences)
        {
            KnownDifference? known = KnownDifference.All.FirstOrDefault(line => line.Covers($"{prefix}/{name}", difference.Path));
            if (known is null)
            {
                _unlisted.Add($"{prefix}/{name} {difference.Path}\n  expected {difference.Expected}\n  got      {difference.Actual}");
            }
            else
            {
                _used.Add(known);
            }
        }
    }

    public void AssertOnlyListedDifferences()
    {
        IEnumerable<string> idle = KnownDifference.All
            .Where(line => line.Case.StartsWith($"{prefix}/", StringComparison.Ordinal) && !_used.Contains(line))
            .Select(line => $"no longer needed in differences.jsonl: {line.Case} {line.Path}");

        Assert.True(_unlisted.Count == 0, string.Join('\n', _unlisted));
        Assert.Empty(idle);
    }
}
