namespace MiniPlane.Store.Locking;

/// <summary>Who has a data directory.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Pid">The process there.</param>
/// <param name="Since">When it took the directory.</param>
/// <param name="IsGone">It ran on this host and is certainly gone; the directory may be taken.</param>
/// <param name="IsHere">It runs, or ran, on this host.</param>
public sealed record DataDirectoryOwner(string Host, int Pid, DateTimeOffset Since, bool IsGone, bool IsHere);
