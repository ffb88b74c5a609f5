using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Selection;

/// <summary>
/// The value indexes of one collection. They are made by the first selector that could use them and follow the collection when the
/// next one comes, by what changed in between; so writes pay nothing for them.
/// </summary>
internal sealed class CollectionIndex(TimeProvider time)
{
    // A collection of a few objects is looked through faster than an index is kept.
    private const int SmallestIndexed = 64;

    // Selectors are the client's; the memory for them is not.
    private const int MaxIndexes = 16;

    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    // Guards all fields. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ValueIndex> _indexes = new(StringComparer.Ordinal);
    private CollectionSnapshot? _at;

    /// <summary>
    /// The documents of the snapshot that can match, sorted; null when looking through all of them is the better way.
    /// </summary>
    public ObjectDocument[]? Candidates(CollectionSnapshot snapshot, IReadOnlyList<FilterTerm> terms, int otherwise)
    {
        if (terms.Count == 0 || otherwise < SmallestIndexed)
        {
            return null;
        }

        lock (_gate)
        {
            if (!TryMoveTo(snapshot))
            {
                return null;
            }

            int best = otherwise / 2;
            Posting? found = null;
            foreach (FilterTerm term in terms)
            {
                Posting? posting = Index(term, snapshot).Find(term.Value);
                if (posting is null)
                {
                    return [];
                }

                if (posting.Count < best)
                {
                    best = posting.Count;
                    found = posting;
                }
            }

            return found?.Sorted();
        }
    }

    /// <summary>
    /// Follows the collection and drops what nobody used lately: an index that stays behind would keep alive every document that was
    /// replaced since.
    /// </summary>
    public void Refresh(CollectionSnapshot snapshot)
    {
        lock (_gate)
        {
            foreach ((string name, ValueIndex index) in _indexes)
            {
                if (time.GetElapsedTime(index.UsedAt) > Forgotten)
                {
                    _indexes.Remove(name);
                }
            }

            if (_indexes.Count == 0 || !TryMoveTo(snapshot))
            {
                _indexes.Clear();
                _at = null;
            }
        }
    }

    private bool TryMoveTo(CollectionSnapshot snapshot)
    {
        if (_at is null || _indexes.Count == 0)
        {
            _at = snapshot;
            return true;
        }

        if (ReferenceEquals(_at.Content, snapshot.Content))
        {
            return true;
        }

        // An earlier page's snapshot: going back and forth would cost more than it saves.
        if (snapshot.Revision < _at.Revision || snapshot.ChangesSince(_at) is not { } changes)
        {
            return false;
        }

        foreach (DocumentChange change in changes)
        {
            foreach (ValueIndex index in _indexes.Values)
            {
                index.Apply(change);
            }
        }

        _at = snapshot;
        return true;
    }

    private ValueIndex Index(FilterTerm term, CollectionSnapshot snapshot)
    {
        string name = term.Name;
        if (!_indexes.TryGetValue(name, out ValueIndex? index))
        {
            if (_indexes.Count >= MaxIndexes)
            {
                _indexes.Remove(_indexes.MinBy(pair => pair.Value.UsedAt).Key);
            }

            index = new ValueIndex(FilterTerm.Reader(term.IsLabel, term.Path));
            index.Build(snapshot);
            _indexes[name] = index;
        }

        index.UsedAt = time.GetTimestamp();
        return index;
    }
}
