using MiniPlane.Objects.Documents;

namespace MiniPlane.Workloads.Backends;

/// <summary>One pod as a job: what is submitted, and the numbers behind it for backends that are not Slurm.</summary>
public sealed record JobRequest
{
    public required string PodUid { get; init; }

    public required ObjectKey Pod { get; init; }

    public required string Partition { get; init; }

    /// <summary>Directory of the pod's files; the job's working directory.</summary>
    public required string Directory { get; init; }

    /// <summary>The batch script, with its <c>#SBATCH</c> lines.</summary>
    public required string Script { get; init; }

    /// <summary>
    /// The same flags for the command line, where neither the user's <c>SBATCH_*</c> environment nor a line of the script
    /// can overrule them.
    /// </summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>The agent's command, quoted for a shell.</summary>
    public string AgentWords { get; init; } = "";

    /// <summary>The network of the site that the pod joins; empty for its node's.</summary>
    public string Network { get; init; } = "";

    /// <summary>Pods with the same text here may be tasks of one array (those of one Indexed Job); empty for others.</summary>
    public string ArrayGroup { get; init; } = "";

    /// <summary>The name of such an array.</summary>
    public string ArrayName { get; init; } = "";

    public required int Cpus { get; init; }

    /// <summary>0 when the pod asks for no memory.</summary>
    public required long MemoryMiB { get; init; }

    public long Gpus { get; init; }

    /// <summary>Whether the pod is one that ends (restartPolicy other than Always).</summary>
    public bool EndsByItself { get; init; }

    public TimeSpan? TimeLimit { get; init; }
}
