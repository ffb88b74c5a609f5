using MiniPlane.Workloads.Agents;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Slurm;
using MiniPlane.Workloads.Slurm.Access;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>Reads the board and the hub.</summary>
internal sealed class WorkloadOverview(IWorkloadBackend backend, SlurmReach reach, JobBoard board, AgentHub hub) : IWorkloadOverview
{
    public string Backend => backend.Name;

    public string BackendVersion => backend.Version;

    public string Way => backend is SlurmBackend ? reach.Route.Text : "";

    public string Trouble => board.Trouble;

    public DateTimeOffset? AskedAt => board.AskedAt;

    public IReadOnlyCollection<JobStatus> Jobs => board.All;

    public int ConnectedAgents => hub.Sessions.Count;
}
