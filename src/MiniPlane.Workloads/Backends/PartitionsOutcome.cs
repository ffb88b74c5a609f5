namespace MiniPlane.Workloads.Backends;

/// <summary>The answer to "which partitions are there".</summary>
public abstract record PartitionsOutcome
{
    private PartitionsOutcome()
    {
    }

    public sealed record Listed(IReadOnlyList<PartitionInfo> Partitions) : PartitionsOutcome;

    /// <summary>The backend did not answer; the partitions seen last still count, but are not ready.</summary>
    public sealed record Unavailable(string Message) : PartitionsOutcome;
}
