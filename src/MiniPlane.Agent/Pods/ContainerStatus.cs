namespace MiniPlane.Agent.Pods;

/// <summary>What is known of one container at this moment (core.v1.ContainerStatus).</summary>
internal sealed record ContainerStatus
{
    public required string Name { get; init; }

    public required ContainerKind Kind { get; init; }

    public required string Image { get; init; }

    public string ImageId { get; init; } = "";

    public string ContainerId { get; init; } = "";

    public required ContainerState State { get; init; }

    public ContainerState.Terminated? LastState { get; init; }

    public int RestartCount { get; init; }

    public bool Ready { get; init; }

    public bool Started { get; init; }

    /// <summary>Whether it runs again after its end; null where the pod's policy alone says so.</summary>
    public bool? RunsAgain { get; init; }
}
