namespace MiniPlane.Objects.Cluster;

/// <summary>core.v1.PodLogOptions.</summary>
public sealed record PodLogQuery
{
    public required string Container { get; init; }

    public bool Follow { get; init; }

    public bool Previous { get; init; }

    public bool Timestamps { get; init; }

    /// <summary>Only lines of the last so many seconds.</summary>
    public long? SinceSeconds { get; init; }

    public DateTimeOffset? SinceTime { get; init; }

    public long? TailLines { get; init; }

    public long? LimitBytes { get; init; }
}
