using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Sim;

/// <summary>A job of the simulated cluster.</summary>
internal sealed class SimJob(int number, JobRequest request, DateTimeOffset submitted, DateTimeOffset ready)
{
    public int Number { get; } = number;

    public JobRequest Request { get; } = request;

    public DateTimeOffset Submitted { get; } = submitted;

    /// <summary>From when on it may start.</summary>
    public DateTimeOffset Ready { get; } = ready;

    public JobState State { get; set; } = JobState.Pending;

    public SimNode? Node { get; set; }

    public DateTimeOffset? Started { get; set; }

    public DateTimeOffset? Ended { get; set; }

    /// <summary>How and when it will end, once it runs; null for never.</summary>
    public (DateTimeOffset At, JobState As)? Fate { get; set; }

    public JobStatus ToStatus() => new()
    {
        JobId = Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        PodUid = Request.PodUid,
        State = State,
        Reason = State == JobState.Pending ? "Resources" : State == JobState.Failed ? "NonZeroExitCode" : "",
        Partition = Request.Partition,
        BatchHost = Node?.Name ?? "",
        Nodes = Node?.Name ?? "",
        SubmitTime = Submitted,
        StartTime = Started,
        EndTime = Ended ?? Fate?.At,
        ExitCode = State == JobState.Failed ? 1 : 0,
    };
}
