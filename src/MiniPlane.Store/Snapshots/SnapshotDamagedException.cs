namespace MiniPlane.Store.Snapshots;

/// <summary>A snapshot is not what was saved, or is none. The message says what was found.</summary>
public sealed class SnapshotDamagedException(string message, Exception? innerException) : Exception(message, innerException);
