namespace MiniPlane.Objects.Cluster;

/// <summary>One measurement of a pod: the mean over <paramref name="Window"/> before <paramref name="Time"/>.</summary>
public sealed record PodUsage(DateTimeOffset Time, TimeSpan Window, IReadOnlyDictionary<string, ContainerUsage> Containers);
