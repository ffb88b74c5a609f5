using MiniPlane.Agent.Images;

namespace MiniPlane.Agent.Runtime;

/// <summary>Everything a runtime needs to start one run of a container; nothing in it refers to the cluster any more.</summary>
internal sealed record ContainerSetup
{
    public required string Name { get; init; }

    public required string HostName { get; init; }

    /// <summary>The image as the runtime knows it; a host process has none.</summary>
    public required PulledImage Image { get; init; }

    /// <summary>The pod's command: replaces ENTRYPOINT and CMD when not empty.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The pod's args: replace CMD when not empty.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The pod's variables; they win over the image's.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Empty: the image's.</summary>
    public required string WorkingDirectory { get; init; }

    public required IReadOnlyList<Mount> Mounts { get; init; }

    public long? RunAsUser { get; init; }

    public long? RunAsGroup { get; init; }

    public bool RunAsNonRoot { get; init; }

    public bool ReadOnlyRoot { get; init; }

    public GpuKind Gpu { get; init; }

    /// <summary>All containers of the pod see each other's processes.</summary>
    public bool SharesProcesses { get; init; }

    /// <summary>A process of the container whose processes this one is to see and signal, or null.</summary>
    public int? JoinProcessesOf { get; init; }

    /// <summary>Started once per task of the job, where that has several.</summary>
    public bool RunsAsTasks { get; init; }

    public bool Stdin { get; init; }

    public bool Tty { get; init; }

    /// <summary>A directory of the node for this run alone; removed when the container is disposed.</summary>
    public required string Scratch { get; init; }
}
