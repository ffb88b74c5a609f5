using System.Collections.Concurrent;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Tests.Dispatch;

/// <summary>A backend whose jobs do what the test says, with agents that never come.</summary>
internal sealed class FakeBackend : IWorkloadBackend
{
    public Dictionary<string, JobStatus> Jobs { get; } = new(StringComparer.Ordinal);

    public List<JobRequest> Submitted { get; } = [];

    public List<string> Cancelled { get; } = [];

    public Queue<SubmitOutcome> NextSubmits { get; } = [];

    /// <summary>When all jobs were asked for, by <see cref="Time"/>.</summary>
    public ConcurrentQueue<DateTimeOffset> Asked { get; } = [];

    /// <summary>How often a single job was asked for.</summary>
    public int AskedForOne { get; private set; }

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public string Trouble { get; set; } = "";

    public string Name => "slurm";

    public string Version => "22.05.8";

    public bool RunsAgents => true;

    public JobStatus Set(string id, JobState state, string reason = "")
    {
        Jobs[id] = Jobs[id] with { State = state, Reason = reason, Nodes = state == JobState.Pending ? "" : "node1" };
        return Jobs[id];
    }

    public ValueTask<bool> RunsOnThisHostAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public ValueTask<PartitionsOutcome> ListPartitionsAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<PartitionsOutcome>(Trouble.Length > 0
            ? new PartitionsOutcome.Unavailable(Trouble)
            : new PartitionsOutcome.Listed([new PartitionInfo { Name = "batch", IsDefault = true, Nodes = 2, UsableNodes = 2, Cpus = 16, MemoryMiB = 1000 }]));

    public ValueTask<SubmitOutcome> SubmitAsync(JobRequest request, CancellationToken cancellationToken)
    {
        if (NextSubmits.TryDequeue(out SubmitOutcome? next))
        {
            return ValueTask.FromResult(next);
        }

        Submitted.Add(request);
        string id = $"{100 + Submitted.Count}";
        Jobs[id] = new JobStatus { JobId = id, PodUid = request.PodUid, State = JobState.Pending, Reason = "Priority", Partition = request.Partition };
        return ValueTask.FromResult<SubmitOutcome>(new SubmitOutcome.Submitted(id, WasThere: false));
    }

    public ValueTask<JobsOutcome> ListJobsAsync(CancellationToken cancellationToken)
    {
        Asked.Enqueue(Time.GetUtcNow());
        return ValueTask.FromResult<JobsOutcome>(Trouble.Length > 0
            ? new JobsOutcome.Unavailable(Trouble)
            : new JobsOutcome.Listed([.. Jobs.Values]));
    }

    public ValueTask<JobsOutcome> FindJobAsync(string jobId, CancellationToken cancellationToken)
    {
        AskedForOne++;
        return ValueTask.FromResult<JobsOutcome>(Trouble.Length > 0
            ? new JobsOutcome.Unavailable(Trouble)
            : new JobsOutcome.Listed([new JobStatus { JobId = jobId, State = JobState.Lost }]));
    }

    public ValueTask<CancelOutcome> CancelAsync(string jobId, CancelMode mode, CancellationToken cancellationToken)
    {
        Cancelled.Add($"{mode} {jobId}");
        if (mode == CancelMode.Kill && Jobs.ContainsKey(jobId))
        {
            Set(jobId, JobState.Cancelled);
        }

        return ValueTask.FromResult<CancelOutcome>(CancelOutcome.Accepted.Value);
    }
}
