namespace MiniPlane.Workloads.Backends;

/// <summary>A place that jobs are sent to, and what it could hold. Sums are over the nodes that are not down.</summary>
public sealed record PartitionInfo
{
    public required string Name { get; init; }

    public bool IsDefault { get; init; }

    /// <summary><c>up</c>, <c>down</c>, <c>drain</c> (runs but takes none) or <c>inactive</c>, as sinfo's AVAIL says.</summary>
    public string Availability { get; init; } = "up";

    public int Nodes { get; init; }

    /// <summary>Nodes on which a job could run now or later (neither down nor drained).</summary>
    public int UsableNodes { get; init; }

    public long Cpus { get; init; }

    public long MemoryMiB { get; init; }

    public long MaxCpusPerNode { get; init; }

    public long MaxMemoryMiBPerNode { get; init; }

    /// <summary>GPUs by type; the empty key counts those without one.</summary>
    public IReadOnlyDictionary<string, long> Gpus { get; init; } = NoGpus;

    public long MaxGpusPerNode { get; init; }

    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Host names of the partition's nodes, in Slurm's short form.</summary>
    public string NodeList { get; init; } = "";

    /// <summary>The longest time a job may ask for; null for no limit.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Why nodes are out of service, as the administrator said; empty for none.</summary>
    public string DownReason { get; init; } = "";

    public long GpuCount => Gpus.Values.Sum();

    private static readonly Dictionary<string, long> NoGpus = new(StringComparer.Ordinal);
}
