using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm;

/// <summary>
/// One way to talk to Slurm: its programs, or slurmrestd. Remembers nothing of jobs; what can be expected to go wrong is a value,
/// with Slurm's own words.
/// </summary>
internal interface ISlurmClient
{
    /// <summary>Slurm's release, empty when it does not answer.</summary>
    ValueTask<string> FindVersionAsync(CancellationToken cancellationToken);

    /// <summary>Whether all nodes are this very host.</summary>
    ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken);

    ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken);

    /// <summary>All jobs of this user, those of other clusters and none too, each task of an array for itself.</summary>
    ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken);

    /// <summary>One job, by the books where the queue has forgotten it; <see cref="JobState.Lost"/> when nobody knows it.</summary>
    ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>Submits, whether or not there is such a job already.</summary>
    ValueTask<SubmitOutcome> SubmitAsync(SlurmSubmission submission, CancellationToken cancellationToken);

    /// <summary>As <see cref="IWorkloadBackend.FindUsageAsync"/>.</summary>
    ValueTask<IReadOnlyList<JobUsage>?> FindUsageAsync(IReadOnlyList<string> jobIds, CancellationToken cancellationToken);

    ValueTask<CancelOutcome> CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken);
}
