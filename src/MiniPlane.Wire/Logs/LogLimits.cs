namespace MiniPlane.Wire.Logs;

/// <summary>How much a container's log may take. The sizes are kubelet's defaults (containerLogMaxSize, containerLogMaxFiles).</summary>
public sealed record LogLimits
{
    public static LogLimits Default { get; } = new();

    public long MaxFileBytes { get; init; } = 10 * 1024 * 1024;

    public int MaxFiles { get; init; } = 5;

    /// <summary>A longer line is cut in parts marked P, as containerd does.</summary>
    public int MaxLineBytes { get; init; } = 16 * 1024;
}
