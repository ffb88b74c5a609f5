namespace MiniPlane.Objects.Cluster;

/// <summary>Which stream into a pod: exec (with a command), attach, or port-forward (with a port).</summary>
public sealed record PodStreamRequest
{
    /// <summary><c>exec</c>, <c>attach</c> or <c>portforward</c>.</summary>
    public required string Verb { get; init; }

    public string Container { get; init; } = "";

    public IReadOnlyList<string> Command { get; init; } = [];

    public bool Stdin { get; init; }

    public bool Stdout { get; init; }

    public bool Stderr { get; init; }

    public bool Tty { get; init; }

    public int Port { get; init; }
}
