namespace MiniPlane.Workloads.Backends;

/// <summary>What a job has used, by the site's accounting.</summary>
public sealed record JobUsage
{
    public required string JobId { get; init; }

    public TimeSpan Elapsed { get; init; }

    public int Cpus { get; init; }

    /// <summary>CPU time of all its processes.</summary>
    public TimeSpan CpuTime { get; init; }

    /// <summary>The most memory that a step of it held, 0 when nobody measured it.</summary>
    public long MaxMemoryBytes { get; init; }

    /// <summary>What is charged: allocated cores times time.</summary>
    public double CoreSeconds => Cpus * Elapsed.TotalSeconds;
}
