namespace MiniPlane.Wire.Logs;

/// <summary>Which part of a log, and in what form (core.v1.PodLogOptions, after the container and the run are known).</summary>
public sealed record LogSelection
{
    public bool Timestamps { get; init; }

    /// <summary>Only lines of this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only so many lines from the end; what comes later while following is not counted.</summary>
    public long? TailLines { get; init; }

    /// <summary>The answer is cut after so many bytes, in the middle of a line if need be.</summary>
    public long? LimitBytes { get; init; }

    /// <summary>Only what comes after this place, where an earlier reader stopped.</summary>
    public LogPlace? From { get; init; }
}
