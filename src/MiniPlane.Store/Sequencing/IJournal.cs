using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Sequencing;

/// <summary>
/// What makes the store durable; the only difference between the kinds of store. Called by one thread at a time, after
/// <see cref="Load"/> only by the sequencer's.
/// </summary>
internal interface IJournal : IDisposable
{
    /// <summary>Everything that survived. Called once, first.</summary>
    JournalImage Load();

    /// <summary>
    /// Makes all of the batch durable, or throws and makes nothing durable. The changes follow each other and the last batch
    /// without a gap in their revisions. After a failure the next call may bring the same revisions with other content.
    /// The history of changes up to and including <paramref name="floor"/> is forgotten with it; current documents stay.
    /// </summary>
    void Append(IReadOnlyList<CommittedChange> batch, long floor);

    /// <summary>
    /// Makes a new, empty journal hold these documents at a revision above theirs, without history, all or nothing. Called once, instead
    /// of <see cref="Append"/>.
    /// </summary>
    void Seed(IReadOnlyList<KeyValuePair<StoreKey, ObjectDocument>> documents, long revision);

    /// <summary>
    /// Nothing has been asked for for a moment: a time to forget history up to <paramref name="floor"/> and to give room back, a
    /// little at once. True if there is more to do.
    /// </summary>
    bool Rest(long floor);
}
