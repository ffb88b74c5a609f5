using MiniPlane.Objects.Documents;

namespace MiniPlane.Store.Revisions;

/// <summary>All documents of the store as they were at one revision; immutable, cheap to take and to keep.</summary>
public abstract class StoreImage
{
    public abstract long Revision { get; }

    /// <summary>Every document with its place, collection by collection.</summary>
    public abstract IEnumerable<KeyValuePair<StoreKey, ObjectDocument>> Documents();
}
