namespace MiniPlane.Workloads.Status;

/// <summary>What a job's state says about its pod. Null and empty parts say nothing.</summary>
internal sealed record JobVerdict
{
    /// <summary>The pod's phase, or null to leave it.</summary>
    public string? Phase { get; init; }

    /// <summary>The pod's reason when it failed.</summary>
    public string Reason { get; init; } = "";

    public string Message { get; init; } = "";

    /// <summary>Why containers wait, while the job does.</summary>
    public string WaitingReason { get; init; } = "";

    /// <summary>How containers ended, when the job did.</summary>
    public string TerminatedReason { get; init; } = "";

    public int ExitCode { get; init; }

    public int Signal { get; init; }

    public bool HasStarted { get; init; }

    /// <summary>Not the pod's own fault: a Job may not count it (pod condition DisruptionTarget).</summary>
    public string DisruptionReason { get; init; } = "";

    /// <summary>Event to write when this verdict is new; empty for none.</summary>
    public string EventReason { get; init; } = "";

    public bool IsWarning { get; init; }
}
