using System.Diagnostics.Metrics;
using MiniPlane.Workloads.Agents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Slurm;
using MiniPlane.Workloads.Slurm.Rest;

namespace MiniPlane.Workloads;

/// <summary>What this room tells of itself at <c>/metrics</c>: calls of Slurm's programs, jobs by state, connected agents.</summary>
internal sealed class WorkloadMetrics : IDisposable
{
    private readonly Meter _meter = new("MiniPlane.Workloads");
    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;

    public WorkloadMetrics(JobBoard board, AgentHub hub, TimeProvider time)
    {
        _calls = _meter.CreateCounter<long>("miniplane_slurm_calls_total", description: "Runs of Slurm's programs, or requests to slurmrestd, by program and result.");
        _duration = _meter.CreateHistogram<double>("miniplane_slurm_call_duration_seconds", "s", "How long Slurm's programs, or slurmrestd, took.");
        _meter.CreateObservableGauge("miniplane_jobs", () => States(board), description: "Jobs of this cluster as of the last poll, by state.");
        _meter.CreateObservableGauge("miniplane_agents_connected", () => hub.Sessions.Count, description: "Agents that are connected now.");
        _meter.CreateObservableGauge(
            "miniplane_jobs_age_seconds",
            () => board.AskedAt is { } asked ? (time.GetUtcNow() - asked).TotalSeconds : 0,
            "s",
            "How long ago the jobs were last asked for.");
        _meter.CreateObservableGauge(
            "miniplane_backend_up", () => board.Trouble.Length == 0 ? 1 : 0, description: "1 when the backend answered the last time it was asked.");
    }

    public void Called(string program, CommandResult result, TimeSpan duration) =>
        Called(program, result.Succeeded ? "ok" : result.Failure is null ? "refused" : "failed", duration);

    /// <param name="request">A request to slurmrestd, without what differs from job to job.</param>
    /// <param name="answer">How it went.</param>
    /// <param name="duration">How long it took.</param>
    public void Called(string request, RestAnswer answer, TimeSpan duration) =>
        Called(request, answer.Succeeded ? "ok" : answer.IsAnswer ? "refused" : "failed", duration);

    public void Dispose() => _meter.Dispose();

    private void Called(string what, string result, TimeSpan duration)
    {
        var command = new KeyValuePair<string, object?>("command", what);
        _calls.Add(1, command, new KeyValuePair<string, object?>("result", result));
        _duration.Record(duration.TotalSeconds, command);
    }

    // Every state that was ever seen would stay at its last figure, so all that matter are told each time.
    private static IEnumerable<Measurement<int>> States(JobBoard board)
    {
        ILookup<JobState, JobStatus> jobs = board.All.ToLookup(job => job.State);
        return Enum.GetValues<JobState>().Select(state =>
            new Measurement<int>(jobs[state].Count(), new KeyValuePair<string, object?>("state", state.ToString())));
    }
}
