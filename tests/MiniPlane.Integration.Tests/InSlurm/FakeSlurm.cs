using MiniPlane.Workloads.Backends;

namespace MiniPlane.Integration.Tests.InSlurm;

/// <summary>A queue that takes every job, starting with number 18, and remembers what was asked of it.</summary>
internal sealed class FakeSlurm : IWorkloadBackend
{
    public List<JobRequest> Submitted { get; } = [];

    public List<string> Cancelled { get; } = [];

    /// <summary>Why nothing can be submitted, or empty.</summary>
    public string Trouble { get; set; } = "";

    public string Name => "slurm";

    public string Version => "22.05.8";

    public bool RunsAgents => true;

    public ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<PartitionsOutcome>(new PartitionsOutcome.Listed([]));

    public ValueTask<SubmitOutcome> SubmitAsync(JobRequest request, CancellationToken cancellationToken)
    {
        if (Trouble.Length > 0)
        {
            return ValueTask.FromResult<SubmitOutcome>(new SubmitOutcome.Unavailable(Trouble));
        }

        Submitted.Add(request);
        return ValueTask.FromResult<SubmitOutcome>(new SubmitOutcome.Submitted($"{17 + Submitted.Count}", WasThere: false));
    }

    public ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken) => ValueTask.FromResult<JobsOutcome>(new JobsOutcome.Listed([]));

    public ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken) =>
        ValueTask.FromResult<JobsOutcome>(new JobsOutcome.Listed([]));

    public ValueTask<CancelOutcome> CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken)
    {
        Cancelled.Add(jobId);
        return ValueTask.FromResult<CancelOutcome>(CancelOutcome.Accepted.Value);
    }
}
