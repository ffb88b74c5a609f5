namespace MiniPlane.Workloads.Backends;

/// <summary>The answer to "which jobs are there".</summary>
public abstract record JobsOutcome
{
    private JobsOutcome()
    {
    }

    /// <summary>All jobs that the backend still knows, ended ones for as long as it keeps them.</summary>
    public sealed record Listed(IReadOnlyList<JobStatus> Jobs) : JobsOutcome;

    /// <summary>The backend did not answer; nothing may be concluded about any job.</summary>
    public sealed record Unavailable(string Message) : JobsOutcome;
}
