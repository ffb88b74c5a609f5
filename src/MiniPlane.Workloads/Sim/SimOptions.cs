namespace MiniPlane.Workloads.Sim;

/// <summary>The size of the simulated cluster and how its jobs behave (<c>--sim-…</c>).</summary>
public sealed record SimOptions
{
    /// <summary>Partitions by name; the first is the default one.</summary>
    public IReadOnlyList<string> Partitions { get; init; } = ["sim"];

    /// <summary>Nodes of each partition.</summary>
    public int Nodes { get; init; } = 100;

    public int CpusPerNode { get; init; } = 64;

    public long MemoryMiBPerNode { get; init; } = 256 * 1024;

    public int GpusPerNode { get; init; }

    /// <summary>How long a job waits before it may start, even on an empty cluster.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long pods run that are to end (<c>restartPolicy</c> other than Always).</summary>
    public TimeSpan RunTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The share of ending pods that fail, from 0 to 1.</summary>
    public double FailureRate { get; init; }

    /// <summary>
    /// The number of the first job. A cluster that starts anew knows none of the jobs that it ran before, and must not give their
    /// numbers to others.
    /// </summary>
    public int FirstJob { get; init; } = 1;

    /// <summary>Makes the same choices each time.</summary>
    public int Seed { get; init; } = 1;
}
