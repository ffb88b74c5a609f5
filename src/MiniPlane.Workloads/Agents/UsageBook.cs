using System.Collections.Concurrent;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Workloads.Agents;

/// <summary>The newest measurement of each pod whose agent is connected.</summary>
internal sealed class UsageBook(TimeProvider time) : IPodUsage
{
    /// <summary>Four measurements missed: nobody knows any more.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, PodUsage> _byPod = new(StringComparer.Ordinal);

    public PodUsage? Find(ObjectDocument pod) =>
        _byPod.TryGetValue(pod.Metadata.Uid, out PodUsage? usage) && usage.Time + LongestSilence > time.GetUtcNow() ? usage : null;

    public void Take(string podUid, UsageReport report)
    {
        Dictionary<string, Objects.Cluster.ContainerUsage> containers = new(StringComparer.Ordinal);
        foreach (Wire.Agent.ContainerUsage container in report.Containers)
        {
            containers[container.Name] = new Objects.Cluster.ContainerUsage(
                (long)Math.Min(container.CpuNanoCores, long.MaxValue), (long)Math.Min(container.MemoryBytes, long.MaxValue));
        }

        var window = TimeSpan.FromMilliseconds(Math.Clamp(report.WindowMillis, 0, 3_600_000));
        _byPod[podUid] = new PodUsage(time.GetUtcNow(), window, containers);
    }

    public void Drop(string podUid) => _byPod.TryRemove(podUid, out _);
}
