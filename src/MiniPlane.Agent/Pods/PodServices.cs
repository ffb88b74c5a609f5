using Microsoft.Extensions.Logging;
using MiniPlane.Agent.Images;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Volumes;

namespace MiniPlane.Agent.Pods;

/// <summary>What running the pod's containers needs, made once per pod.</summary>
internal sealed record PodServices
{
    public required PodContext Context { get; init; }

    public required PodDirectories Directories { get; init; }

    public required PodVolumes Volumes { get; init; }

    public required PodBoard Board { get; init; }

    public required IPodReporter Reporter { get; init; }

    public required IContainerRuntime Runtime { get; init; }

    public required IImageStore Images { get; init; }

    /// <summary>Mounts that every container of the site gets.</summary>
    public required IReadOnlyList<Mount> SiteMounts { get; init; }

    public required PodStop Stop { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILogger Logger { get; init; }
}
