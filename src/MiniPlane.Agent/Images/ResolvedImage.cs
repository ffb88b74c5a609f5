namespace MiniPlane.Agent.Images;

/// <summary>What a reference stands for at this moment.</summary>
internal sealed record ResolvedImage
{
    public required string Host { get; init; }

    public required string Repository { get; init; }

    /// <summary>Of the manifest, or of the index for several platforms.</summary>
    public required string Digest { get; init; }

    /// <summary>Who the registry gave it to; null for everybody.</summary>
    public RegistryAccount? Account { get; init; }

    /// <summary>The registry answered without TLS.</summary>
    public required bool IsPlain { get; init; }
}
