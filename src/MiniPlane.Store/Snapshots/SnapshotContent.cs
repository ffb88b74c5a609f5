using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Snapshots;

/// <summary>A snapshot that was read whole and found sound.</summary>
public sealed record SnapshotContent
{
    public required long Revision { get; init; }

    public required DateTimeOffset Taken { get; init; }

    public required IReadOnlyList<KeyValuePair<StoreKey, ObjectDocument>> Documents { get; init; }

    /// <summary>Empty in a snapshot that came from the API alone.</summary>
    public required IReadOnlyList<SnapshotFile> Files { get; init; }
}
