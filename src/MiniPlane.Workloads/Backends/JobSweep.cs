namespace MiniPlane.Workloads.Backends;

/// <summary>
/// Ends all jobs of a cluster whose control plane is down: each is asked to end, then ended. Nothing may submit meanwhile.
/// </summary>
public sealed class JobSweep(IWorkloadBackend backend, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <param name="grace">How long jobs may take to end by themselves.</param>
    /// <param name="limit">How long to wait for those that were ended, after that.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<SweepOutcome> RunAsync(TimeSpan grace, TimeSpan limit, CancellationToken cancellationToken)
    {
        JobsOutcome first = await backend.ListJobsAsync(cancellationToken);
        if (first is JobsOutcome.Unavailable unavailable)
        {
            return new SweepOutcome([], [], unavailable.Message);
        }

        IReadOnlyList<JobStatus> found = Active(first);
        IReadOnlyList<JobStatus> left = await EndAsync(found, CancelMode.Terminate, grace, cancellationToken);
        if (left.Count > 0)
        {
            left = await EndAsync(left, CancelMode.Kill, limit, cancellationToken);
        }

        return new SweepOutcome(found, left, "");
    }

    private async Task<IReadOnlyList<JobStatus>> EndAsync(
        IReadOnlyList<JobStatus> jobs, CancelMode mode, TimeSpan patience, CancellationToken cancellationToken)
    {
        foreach (JobStatus job in jobs)
        {
            // A job that waits has no agent that could hear a signal.
            await backend.CancelAsync(job.JobId, job.State.IsQueued() ? CancelMode.Kill : mode, cancellationToken);
        }

        long started = time.GetTimestamp();
        IReadOnlyList<JobStatus> left = jobs;
        while (left.Count > 0 && time.GetElapsedTime(started) < patience)
        {
            await Task.Delay(Pause, time, cancellationToken);
            left = await backend.ListJobsAsync(cancellationToken) is JobsOutcome.Listed listed ? Active(listed) : left;
        }

        return left;
    }

    private static IReadOnlyList<JobStatus> Active(JobsOutcome outcome) => outcome is JobsOutcome.Listed listed
        ? [.. listed.Jobs.Where(job => job.PodUid.Length > 0 && !job.State.IsEnded())]
        : [];
}
