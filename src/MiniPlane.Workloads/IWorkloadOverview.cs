using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads;

/// <summary>What is known of the cluster's jobs now, for people who ask. Reads memory only.</summary>
public interface IWorkloadOverview
{
    /// <summary>The backend's name and the version of what runs the jobs (may be empty).</summary>
    string Backend { get; }

    string BackendVersion { get; }

    /// <summary>How Slurm is reached, in words; empty for other backends.</summary>
    string Way { get; }

    /// <summary>Why the backend does not answer; empty when it does.</summary>
    string Trouble { get; }

    /// <summary>When the jobs were last asked for; null before the first answer.</summary>
    DateTimeOffset? AskedAt { get; }

    /// <summary>The jobs as of then, ended ones for as long as the backend keeps them.</summary>
    IReadOnlyCollection<JobStatus> Jobs { get; }

    /// <summary>How many agents are connected.</summary>
    int ConnectedAgents { get; }
}
