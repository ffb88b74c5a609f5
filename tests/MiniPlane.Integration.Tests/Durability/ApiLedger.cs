using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Integration.Tests.Durability;

/// <summary>
/// What clients asked for and what they were told. Each ConfigMap has one writer, which waits for its answer, so at most one write of an
/// object is undecided when the server dies: it may be there or not, but whole.
/// </summary>
internal sealed class ApiLedger
{
    private readonly ConcurrentDictionary<string, (long Revision, int? Number)> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int?> _undecided = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Writes that were acknowledged.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Revisions that were told in the present life of the server.</summary>
    public ConcurrentBag<long> Revisions { get; } = [];

    /// <summary>What a write with this number puts into an object, of very different lengths.</summary>
    public static string Content(int number) => string.Create(
        CultureInfo.InvariantCulture, $"{number}:{new string((char)('a' + (number % 26)), (number % 17) switch { 0 => 40_000, < 5 => 4_000, _ => 200 })}");

    public int? Known(string name) => _acknowledged.TryGetValue(name, out (long Revision, int? Number) known) ? known.Number : null;

    /// <param name="name">The object.</param>
    /// <param name="number">Null: it is deleted.</param>
    public void Intend(string name, int? number) => _undecided[name] = number;

    /// <summary>The server said yes; it does not tell a deletion's revision.</summary>
    public void Acknowledge(string name, long revision)
    {
        _undecided.TryRemove(name, out int? number);
        _acknowledged[name] = (revision, number);
        Interlocked.Increment(ref _count);
        if (number is not null)
        {
            Revisions.Add(revision);
        }
    }

    /// <summary>Looks at what a restarted server has, and takes that as decided. Returns the newest revision.</summary>
    public long Check(JsonObject list, long newestBefore)
    {
        var found = list.Objects("items").Where(item => item.TextOrEmpty("metadata", "name").StartsWith("k-", StringComparison.Ordinal))
            .ToDictionary(item => item.TextOrEmpty("metadata", "name"), StringComparer.Ordinal);
        long newest = Revision(list);
        Assert.All(Revisions, revision => Assert.InRange(revision, newestBefore + 1, newest));
        Assert.Equal(Revisions.Count, Revisions.Distinct().Count());
        foreach (string name in _acknowledged.Keys.Union(_undecided.Keys).Union(found.Keys).ToList())
        {
            CheckOne(name, found.GetValueOrDefault(name));
        }

        _undecided.Clear();
        Revisions.Clear();
        return newest;
    }

    private void CheckOne(string name, JsonObject? obj)
    {
        string? actual = obj?.Text("data", "content");
        long revision = obj is null ? 0 : Revision(obj);
        _acknowledged.TryGetValue(name, out (long Revision, int? Number) acknowledged);
        if (actual == Text(acknowledged.Number) && (obj is null || revision == acknowledged.Revision))
        {
            return;
        }

        Assert.True(
            _undecided.TryGetValue(name, out int? undecided) && Text(undecided) == actual,
            $"{name}: found {Short(actual)} at {revision}; acknowledged was {acknowledged.Number} at {acknowledged.Revision}");
        _acknowledged[name] = (revision, undecided);
    }

    private static string? Text(int? number) => number is { } one ? Content(one) : null;

    private static string Short(string? text) => text is null ? "nothing" : text[..Math.Min(12, text.Length)];

    private static long Revision(JsonNode obj) => long.Parse(obj.TextOrEmpty("metadata", "resourceVersion"), CultureInfo.InvariantCulture);
}
