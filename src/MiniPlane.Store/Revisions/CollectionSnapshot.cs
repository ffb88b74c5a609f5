using MiniPlane.Objects.Documents;

namespace MiniPlane.Store.Revisions;

/// <summary>One collection as it was at <see cref="Revision"/>; immutable, cheap to take and to keep.</summary>
public abstract class CollectionSnapshot
{
    /// <summary>The store's revision when the snapshot was taken; at least that of every document in it.</summary>
    public abstract long Revision { get; }

    public abstract int Count { get; }

    /// <summary>
    /// The same reference as long as nothing in the collection changed, so that what was derived from an earlier snapshot is known
    /// to be good still. A snapshot of its own content by default: never the same as another.
    /// </summary>
    public virtual object Content => this;

    public abstract ObjectDocument? Find(ObjectKey key);

    /// <summary>
    /// Documents sorted by namespace, then name (ordinal); of one namespace if given; those after <paramref name="after"/> if given.
    /// </summary>
    public abstract IEnumerable<ObjectDocument> Range(string? ns, ObjectKey? after);

    /// <summary>How many documents <see cref="Range"/> gives.</summary>
    public virtual int CountOf(string? ns, ObjectKey? after) => Range(ns, after).Count();

    /// <summary>
    /// What differs from an earlier snapshot of the same collection, in order, at a cost that follows the number of differences;
    /// null when that cannot be told so cheaply.
    /// </summary>
    public virtual IEnumerable<DocumentChange>? ChangesSince(CollectionSnapshot earlier) => null;
}
