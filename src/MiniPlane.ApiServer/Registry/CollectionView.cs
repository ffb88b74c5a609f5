using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// Something derived from a whole collection (compiled webhooks, say), made anew only after the collection changed. Asking costs one
/// look-up, and the answer is never older than the newest visible write.
/// </summary>
internal sealed class CollectionView<T>(IRevisionStore store, string collection, Func<CollectionSnapshot, T> make)
    where T : class
{
    private volatile Entry? _entry;

    public T Current
    {
        get
        {
            CollectionSnapshot snapshot = store.Read(collection);
            if (_entry is { } known && ReferenceEquals(known.Content, snapshot.Content))
            {
                return known.Value;
            }

            // Two who come at once both make it; either is right.
            var entry = new Entry(snapshot.Content, make(snapshot));
            _entry = entry;
            return entry.Value;
        }
    }

    private sealed record Entry(object Content, T Value);
}
