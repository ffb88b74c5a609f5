namespace MiniPlane.Workloads.Translation;

/// <summary>Where a pod's job goes and what it carries besides the pod's own wishes.</summary>
internal sealed record JobPlacement
{
    public required string Partition { get; init; }

    /// <summary>The pod's directory (<c>&lt;data&gt;/pods/&lt;uid&gt;</c>).</summary>
    public required string Directory { get; init; }

    /// <summary>Identifies cluster and pod.</summary>
    public required string Comment { get; init; }

    /// <summary>The agent's program and first arguments.</summary>
    public required IReadOnlyList<string> AgentCommand { get; init; }
}
