namespace MiniPlane.Store.Locking;

/// <summary>Another process owns the data directory. The message says which, where, and what to do.</summary>
public sealed class DataDirectoryInUseException(string message) : Exception(message);
