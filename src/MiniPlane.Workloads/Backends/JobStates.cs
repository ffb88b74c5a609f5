namespace MiniPlane.Workloads.Backends;

/// <summary>What follows from a job state alone.</summary>
public static class JobStates
{
    /// <summary>Whether the job is over and will not start again under the same id.</summary>
    public static bool IsEnded(this JobState state) => state >= JobState.Completed;

    /// <summary>Whether the job waits for its (next) start.</summary>
    public static bool IsQueued(this JobState state) =>
        state is JobState.Pending or JobState.Requeued or JobState.RequeueHeld or JobState.SpecialExit;
}
