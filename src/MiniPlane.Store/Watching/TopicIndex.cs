using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Watching;

/// <summary>Watchers by the value they wait for, of one topic. Not thread-safe.</summary>
internal sealed class TopicIndex(Func<ObjectDocument, string?> read)
{
    private readonly Dictionary<string, List<StoreWatch>> _byValue = new(StringComparer.Ordinal);

    public bool IsEmpty => _byValue.Count == 0;

    public IEnumerable<StoreWatch> Watches => _byValue.Values.SelectMany(watches => watches);

    public void Add(string value, StoreWatch watch)
    {
        if (!_byValue.TryGetValue(value, out List<StoreWatch>? watches))
        {
            _byValue[value] = watches = [];
        }

        watches.Add(watch);
    }

    public void Remove(string value, StoreWatch watch)
    {
        if (_byValue.TryGetValue(value, out List<StoreWatch>? watches))
        {
            watches.Remove(watch);
            DropEmpty(value, watches);
        }
    }

    /// <summary>Hands the event to those who wait for its document's value, or for the one it had before.</summary>
    public int Publish(StoreEvent added, string ns)
    {
        string? now = read(added.Document);
        string? before = added.Previous is { } previous ? read(previous) : null;
        int expired = now is null ? 0 : Publish(now, added, ns);
        return before is null || before == now ? expired : expired + Publish(before, added, ns);
    }

    private int Publish(string value, StoreEvent added, string ns)
    {
        if (!_byValue.TryGetValue(value, out List<StoreWatch>? watches))
        {
            return 0;
        }

        int expired = watches.RemoveAll(watch => (watch.Namespace is null || watch.Namespace == ns) && !watch.TryPublish(added));
        DropEmpty(value, watches);
        return expired;
    }

    private void DropEmpty(string value, List<StoreWatch> watches)
    {
        if (watches.Count == 0)
        {
            _byValue.Remove(value);
        }
    }
}
