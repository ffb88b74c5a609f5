namespace MiniPlane.Workloads.Backends;

/// <summary>The answer to a submission.</summary>
public abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    /// <summary>The pod has a job. <paramref name="WasThere"/> tells that an earlier attempt had made it.</summary>
    public sealed record Submitted(string JobId, bool WasThere) : SubmitOutcome;

    /// <summary>The request is refused, in the backend's own words; the same request will be refused again.</summary>
    public sealed record Rejected(string Message) : SubmitOutcome;

    /// <summary>The account has as many jobs as it may have; the same request is taken once some have ended.</summary>
    public sealed record Limited(string Message) : SubmitOutcome;

    /// <summary>The backend did not answer. Whether a job was made is open; the next submission finds out first.</summary>
    public sealed record Unavailable(string Message) : SubmitOutcome;
}
