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
    /// </summary>
    void Append(IReadOnlyList<CommittedChange> batch);

    /// <summary>Forgets the history of changes up to and including <paramref name="floor"/>. Current documents stay.</summary>
    void Compact(long floor);
}
