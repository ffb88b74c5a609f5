namespace MiniPlane.Agent.Images;

/// <summary>One place that may have an image.</summary>
/// <param name="Host">Host and port of the registry.</param>
/// <param name="Repository">The repository there.</param>
/// <param name="Registry">The registry by the name that accounts are kept under.</param>
internal sealed record ImageLocation(string Host, string Repository, string Registry);
