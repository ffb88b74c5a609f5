namespace MiniPlane.Workloads.Backends;

/// <summary>How hard to end a job.</summary>
public enum CancelMode
{
    /// <summary>SIGTERM to the agent, which ends its containers within their grace period.</summary>
    Terminate,

    /// <summary>The backend ends the job now.</summary>
    Kill,
}
