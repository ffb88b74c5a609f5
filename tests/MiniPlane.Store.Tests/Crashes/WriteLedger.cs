using System.Globalization;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Crashes;

/// <summary>
/// What writers meant to write and what they were told is written. A key has one writer, which waits for its answer, so at most one
/// write of a key is undecided when the lights go out: that one may be there or not, whole; everything acknowledged must be.
/// </summary>
internal sealed class WriteLedger
{
    private readonly Dictionary<string, (long Revision, string? Content)> _acknowledged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _undecided = new(StringComparer.Ordinal);
    private readonly List<(long Revision, string Key, string? Content)> _history = [];

    public long Newest { get; private set; } = 1;

    /// <summary>What the write with this number puts under a key; of very different lengths.</summary>
    public static string Content(int number)
    {
        int length = (number % 23) switch { 0 => 30_000, < 6 => 3_000, _ => 300 };
        return string.Create(CultureInfo.InvariantCulture, $"{number}:{new string((char)('a' + (number % 26)), length)}");
    }

    /// <param name="key">The pod's name.</param>
    /// <param name="content">Null: it is deleted.</param>
    public void Intend(string key, string? content) => _undecided[key] = content;

    public void Acknowledge(string key, long revision)
    {
        string? content = _undecided[key];
        _undecided.Remove(key);
        _acknowledged[key] = (revision, content);
        _history.Add((revision, key, content));
        Newest = Math.Max(Newest, revision);
    }

    /// <summary>Looks at a store that was opened after a crash, and takes what it finds as decided.</summary>
    public async Task CheckAsync(IRevisionStore store)
    {
        ObjectDocument[] found = [.. store.Read("pods").Range(null, null)];
        Assert.True(store.Revision >= Newest, $"revision {store.Revision} after {Newest} was acknowledged");
        Assert.Equal(found.Length, found.Select(document => document.Revision).Distinct().Count());
        Assert.All(found, document => Assert.InRange(document.Revision, 2, store.Revision));
        foreach (string key in _acknowledged.Keys.Union(_undecided.Keys).Union(found.Select(document => document.Metadata.Name)).ToList())
        {
            CheckKey(key, store.Find(Pod(key)));
        }

        _undecided.Clear();
        await CheckWatchAsync(store);
        Newest = store.Revision;
    }

    private void CheckKey(string key, ObjectDocument? document)
    {
        string? actual = document is null ? null : Value(document);
        bool wasAcknowledged = _acknowledged.TryGetValue(key, out (long Revision, string? Content) acknowledged);
        if (actual == acknowledged.Content && (document is null || document.Revision == acknowledged.Revision))
        {
            return;
        }

        Assert.True(
            _undecided.TryGetValue(key, out string? undecided) && undecided == actual,
            $"{key}: found {Short(actual)} at {document?.Revision}; acknowledged {wasAcknowledged}: {Short(acknowledged.Content)} at {acknowledged.Revision}");
        _acknowledged[key] = (document?.Revision ?? 0, actual);
    }

    /// <summary>A watcher of before the crash either hears that it must list again or gets every change once, in order.</summary>
    private async Task CheckWatchAsync(IRevisionStore store)
    {
        int place = Math.Max(0, _history.Count - 40);
        long since = place < _history.Count ? _history[place].Revision : 1;
        IStoreWatch watch;
        try
        {
            watch = store.Watch("pods", null, since);
        }
        catch (WatchExpiredException)
        {
            return;
        }

        using (watch)
        {
            List<StoreEvent> events = await TakeAsync(watch, (int)(store.Revision - since));
            Assert.Equal(Enumerable.Range(1, events.Count).Select(i => since + i), events.Select(change => change.Revision));
            foreach ((long revision, string key, string? content) in _history.Where(one => one.Revision > since))
            {
                StoreEvent change = events[(int)(revision - since - 1)];
                Assert.Equal(key, change.Document.Metadata.Name);
                Assert.Equal(content is null, change.Type == ClusterEventType.Deleted);
                Assert.True(content is null || Value(change.Document) == content, $"revision {revision} tells another content");
            }
        }
    }

    private static string Short(string? content) => content is null ? "nothing" : content[..Math.Min(12, content.Length)];
}
