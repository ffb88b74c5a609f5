namespace MiniPlane.Workloads.Backends;

/// <summary>The state of a job, in Slurm's vocabulary (squeue(1), JOB STATE CODES); other backends use the same words.</summary>
public enum JobState
{
    Unknown,
    Pending,
    Configuring,
    Running,
    Suspended,
    Stopped,
    Signaling,
    Resizing,
    StageOut,
    Completing,
    Requeued,
    RequeueHeld,
    SpecialExit,
    Completed,
    Failed,
    Cancelled,
    Timeout,
    Deadline,
    OutOfMemory,
    NodeFail,
    BootFail,
    Preempted,
    Revoked,

    /// <summary>The backend answers, and knows of no such job.</summary>
    Lost,
}
