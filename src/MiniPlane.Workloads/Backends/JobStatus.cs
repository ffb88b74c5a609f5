namespace MiniPlane.Workloads.Backends;

/// <summary>A job as its backend saw it at one moment. Two equal records mean that nothing happened.</summary>
public sealed record JobStatus
{
    public required string JobId { get; init; }

    /// <summary>The pod for which the job was submitted; empty for a job that is not a pod of this cluster.</summary>
    public string PodUid { get; init; } = "";

    public required JobState State { get; init; }

    /// <summary>Slurm's reason code: why it waits (<c>Resources</c>, <c>Priority</c>) or why it ended. Empty for none.</summary>
    public string Reason { get; init; } = "";

    public string Partition { get; init; } = "";

    /// <summary>The host that runs the batch script, empty before the start.</summary>
    public string BatchHost { get; init; } = "";

    /// <summary>All nodes of the allocation, in Slurm's short form (<c>node[1-4]</c>).</summary>
    public string Nodes { get; init; } = "";

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset? SubmitTime { get; init; }

    /// <summary>When it started, or for a waiting job when the scheduler expects it to start.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>When it ended; while it runs, when its time limit ends it.</summary>
    public DateTimeOffset? EndTime { get; init; }

    public int ExitCode { get; init; }

    /// <summary>The signal that ended it, or 0.</summary>
    public int Signal { get; init; }

    /// <summary>How often the job was put back into the queue and started anew.</summary>
    public int Restarts { get; init; }

    /// <summary>A job that sbatch accepted into the books only to refuse it: it never had a chance to start.</summary>
    public bool WasRefused => State == JobState.Failed && Reason == "BadConstraints" && Nodes.Length == 0;
}
