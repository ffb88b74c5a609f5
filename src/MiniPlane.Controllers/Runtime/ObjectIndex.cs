using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Runtime;

/// <summary>Objects under values that a function reads from them (namespace, owner, node). Not safe for threads by itself.</summary>
internal sealed class ObjectIndex(Func<ObjectDocument, IEnumerable<string>> values)
{
    private readonly Dictionary<string, Dictionary<ObjectKey, ObjectDocument>> _buckets = new(StringComparer.Ordinal);

    public void Replace(ObjectDocument? before, ObjectDocument? after)
    {
        if (before is not null)
        {
            Remove(before);
        }

        if (after is not null)
        {
            Add(after);
        }
    }

    public IReadOnlyList<ObjectDocument> Find(string value) =>
        _buckets.TryGetValue(value, out Dictionary<ObjectKey, ObjectDocument>? bucket) ? [.. bucket.Values] : [];

    private void Add(ObjectDocument document)
    {
        foreach (string value in values(document))
        {
            if (!_buckets.TryGetValue(value, out Dictionary<ObjectKey, ObjectDocument>? bucket))
            {
                _buckets[value] = bucket = [];
            }

            bucket[document.Key] = document;
        }
    }

    private void Remove(ObjectDocument document)
    {
        foreach (string value in values(document))
        {
            if (_buckets.TryGetValue(value, out Dictionary<ObjectKey, ObjectDocument>? bucket)
                && bucket.Remove(document.Key) && bucket.Count == 0)
            {
                _buckets.Remove(value);
            }
        }
    }
}
