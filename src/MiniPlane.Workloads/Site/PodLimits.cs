namespace MiniPlane.Workloads.Site;

/// <summary>
/// What a site lets each user's cluster and each of its pods have, beyond what Slurm itself enforces: courtesy on a shared machine, and
/// a clear word before a job waits for ever. Null is no limit.
/// </summary>
public sealed record PodLimits
{
    public static readonly PodLimits None = new();

    /// <summary>Jobs of this cluster, waiting or running.</summary>
    public long? Jobs { get; init; }

    public long? CpusPerPod { get; init; }

    public long? MemoryMiBPerPod { get; init; }

    public long? GpusPerPod { get; init; }

    /// <summary>The longest time limit; the job of a pod that asks for none gets this one.</summary>
    public TimeSpan? TimePerPod { get; init; }

    /// <summary>The narrower of each: a user's own file cannot widen what the site's says.</summary>
    public PodLimits And(PodLimits other) => new()
    {
        Jobs = Narrower(Jobs, other.Jobs),
        CpusPerPod = Narrower(CpusPerPod, other.CpusPerPod),
        MemoryMiBPerPod = Narrower(MemoryMiBPerPod, other.MemoryMiBPerPod),
        GpusPerPod = Narrower(GpusPerPod, other.GpusPerPod),
        TimePerPod = Narrower(TimePerPod, other.TimePerPod),
    };

    private static T? Narrower<T>(T? one, T? other)
        where T : struct, IComparable<T> =>
        one is null ? other : other is null || one.Value.CompareTo(other.Value) <= 0 ? one : other;
}
