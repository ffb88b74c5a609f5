using MiniPlane.Objects.Cluster;

namespace MiniPlane.Controllers.Runtime;

/// <summary>What every controller is given: the cluster to read and write, the caches, a recorder of Events, and a clock.</summary>
internal sealed class ClusterContext(
    IClusterClient client, Informers informers, EventRecorder events, TimeProvider time)
{
    public IClusterClient Client => client;

    public Informers Informers => informers;

    public EventRecorder Events => events;

    public TimeProvider Time => time;

    public ClusterKinds Kinds { get; } = new(client.Catalogue);

    public ClusterWriter Writer { get; } = new(client, informers);

    public DateTimeOffset Now => time.GetUtcNow();
}
