namespace MiniPlane.Operations;

/// <summary>What the running server says about itself.</summary>
internal sealed record ServerFacts
{
    public required string DataDirectory { get; init; }

    /// <summary>For programs on this host.</summary>
    public required string Url { get; init; }

    /// <summary>The DNS zone of the cluster.</summary>
    public required string Zone { get; init; }

    /// <summary>Null when nothing is kept on disk.</summary>
    public required string? StoreFile { get; init; }

    public required DateTimeOffset Started { get; init; }
}
