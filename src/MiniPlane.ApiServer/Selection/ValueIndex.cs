using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Selection;

/// <summary>The documents of a collection by one label or field. Not thread-safe.</summary>
internal sealed class ValueIndex(Func<ObjectDocument, string?> read)
{
    private readonly Dictionary<string, Posting> _byValue = new(StringComparer.Ordinal);

    /// <summary>When it was last of use, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long UsedAt { get; set; }

    public Posting? Find(string value) => _byValue.GetValueOrDefault(value);

    public void Build(CollectionSnapshot snapshot)
    {
        foreach (ObjectDocument document in snapshot.Range(null, null))
        {
            Add(document);
        }
    }

    public void Apply(DocumentChange change)
    {
        if (change.Before is { } before)
        {
            Remove(before);
        }

        if (change.After is { } after)
        {
            Add(after);
        }
    }

    private void Add(ObjectDocument document)
    {
        if (read(document) is not { } value)
        {
            return;
        }

        if (!_byValue.TryGetValue(value, out Posting? posting))
        {
            _byValue[value] = posting = new Posting();
        }

        posting.Add(document);
    }

    private void Remove(ObjectDocument document)
    {
        if (read(document) is { } value && _byValue.TryGetValue(value, out Posting? posting))
        {
            posting.Remove(document);
            if (posting.Count == 0)
            {
                _byValue.Remove(value);
            }
        }
    }
}
