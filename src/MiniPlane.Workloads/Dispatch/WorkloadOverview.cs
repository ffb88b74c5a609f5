using MiniPlane.Workloads.Agents;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>Reads the board and the hub.</summary>
internal sealed class WorkloadOverview(IWorkloadBackend backend, JobBoard board, AgentHub hub) : IWorkloadOverview
{
    public string Backend => backend.Name;

    public string BackendVersion => backend.Version;

    public string Trouble => board.Trouble;

    public DateTimeOffset? AskedAt => board.AskedAt;

    public IReadOnlyCollection<JobStatus> Jobs => board.All;

    public int ConnectedAgents => hub.Sessions.Count;
}
