using System.Collections.Concurrent;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Autoscaling;

/// <summary>What pods use, as a test says.</summary>
internal sealed class FakeUsage(TimeProvider time) : IPodUsage
{
    /// <summary>Milli-cores of every pod that is not named in <see cref="ByPod"/>; null has no measurement.</summary>
    public long? Everywhere { get; set; }

    public ConcurrentDictionary<string, long?> ByPod { get; } = new(StringComparer.Ordinal);

    public PodUsage? Find(ObjectDocument pod) =>
        (ByPod.TryGetValue(pod.Metadata.Name, out long? own) ? own : Everywhere) is { } milli
            ? new PodUsage(time.GetUtcNow(), TimeSpan.FromSeconds(15), new Dictionary<string, ContainerUsage>(StringComparer.Ordinal)
            {
                ["app"] = new ContainerUsage(milli * 1_000_000, 64 << 20),
            })
            : null;
}
