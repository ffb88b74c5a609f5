namespace MiniPlane.Objects.Cluster;

/// <summary>meta.v1.DeleteOptions, the parts that controllers use.</summary>
public sealed record DeleteQuery
{
    public static readonly DeleteQuery Default = new();

    public long? GracePeriodSeconds { get; init; }

    /// <summary>Delete only if the object still has this uid.</summary>
    public string? Uid { get; init; }

    /// <summary>Delete only if the object is still at this revision.</summary>
    public long? Revision { get; init; }

    /// <summary><c>Foreground</c>, <c>Background</c> or <c>Orphan</c>; null leaves it to the kind.</summary>
    public string? PropagationPolicy { get; init; }
}
