namespace MiniPlane.Agent.Runtime;

/// <summary>A further program inside a running container.</summary>
internal sealed record ExecSetup
{
    public required IReadOnlyList<string> Command { get; init; }

    public bool Stdin { get; init; }

    public bool Tty { get; init; }
}
