namespace MiniPlane.Snapshots;

/// <summary>What a restore did.</summary>
/// <param name="Revision">The store's new revision.</param>
/// <param name="MovedTo">Where the store that was there is now; null if there was none.</param>
internal sealed record SnapshotRestored(long Revision, string? MovedTo);
