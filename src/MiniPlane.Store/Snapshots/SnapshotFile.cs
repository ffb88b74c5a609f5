namespace MiniPlane.Store.Snapshots;

/// <summary>A file beside the store that makes the cluster what it is to others: certificates, keys, its name.</summary>
/// <param name="Path">Relative to the data directory, with slashes.</param>
/// <param name="Mode">Who may do what with it.</param>
/// <param name="Content">All of it.</param>
public sealed record SnapshotFile(string Path, UnixFileMode Mode, ReadOnlyMemory<byte> Content);
