namespace MiniPlane.Workloads.Backends;

/// <summary>
/// Runs pods somewhere. Every call may be repeated with the same pod uid: submitting twice must start once. What can be
/// expected to go wrong is a value; a call has a time limit of its own and never waits for ever.
/// </summary>
public interface IWorkloadBackend
{
    /// <summary><c>slurm</c>, <c>local</c> or <c>sim</c>.</summary>
    string Name { get; }

    /// <summary>The version of what runs the jobs, for the nodes' information.</summary>
    string Version { get; }

    /// <summary>
    /// Whether an agent in the job runs the pod and reports on it. Where none does, the job's state is all there is to
    /// know about the pod.
    /// </summary>
    bool RunsAgents { get; }

    /// <summary>Whether all jobs run on this very host, so that addresses of the loopback network reach them.</summary>
    ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken);

    ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken);

    /// <summary>Starts a job for a pod, unless there is one: then that one is the answer.</summary>
    ValueTask<SubmitOutcome> SubmitAsync(JobRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Starts jobs for several pods that ask for the same, by one submission; an outcome for each. Null when this backend cannot, or
    /// not now: they are to be submitted one by one.
    /// </summary>
    ValueTask<IReadOnlyList<SubmitOutcome>?> SubmitArrayAsync(IReadOnlyList<JobRequest> requests, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SubmitOutcome>?>(null);

    /// <summary>All jobs of this cluster, in one call.</summary>
    ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Looks for a job that <see cref="ListJobsAsync"/> no longer has. A job that nobody remembers is
    /// <see cref="JobState.Lost"/>.
    /// </summary>
    ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>
    /// What these ended jobs have used, as far as it is known by now; null when there is no accounting here, which does not change.
    /// </summary>
    ValueTask<IReadOnlyList<JobUsage>?> FindUsageAsync(IReadOnlyList<string> jobIds, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<JobUsage>?>(null);

    /// <summary>Ends a job. A job that is over or unknown is no error.</summary>
    ValueTask<CancelOutcome> CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken);
}
