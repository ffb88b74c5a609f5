namespace MiniPlane.Agent.Pods;

/// <summary>core.v1.ContainerState: exactly one of three.</summary>
internal abstract record ContainerState
{
    private ContainerState()
    {
    }

    internal sealed record Waiting(string Reason, string Message = "") : ContainerState;

    internal sealed record Running(DateTimeOffset StartedAt) : ContainerState;

    internal sealed record Terminated : ContainerState
    {
        public required int ExitCode { get; init; }

        public required string Reason { get; init; }

        public string Message { get; init; } = "";

        public required DateTimeOffset StartedAt { get; init; }

        public required DateTimeOffset FinishedAt { get; init; }

        public string ContainerId { get; init; } = "";
    }
}
