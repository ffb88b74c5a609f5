using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>The kinds that this room works with.</summary>
internal sealed class ClusterKinds(IClusterClient cluster)
{
    public KindDefinition Pods { get; } = Find(cluster, "", "v1", "pods");

    public KindDefinition Nodes { get; } = Find(cluster, "", "v1", "nodes");

    public KindDefinition Events { get; } = Find(cluster, "", "v1", "events");

    public KindDefinition ConfigMaps { get; } = Find(cluster, "", "v1", "configmaps");

    public KindDefinition Secrets { get; } = Find(cluster, "", "v1", "secrets");

    public KindDefinition Services { get; } = Find(cluster, "", "v1", "services");

    public KindDefinition EndpointSlices { get; } = Find(cluster, "discovery.k8s.io", "v1", "endpointslices");

    public KindDefinition ServiceAccounts { get; } = Find(cluster, "", "v1", "serviceaccounts");

    public KindDefinition Claims { get; } = Find(cluster, "", "v1", "persistentvolumeclaims");

    public KindDefinition Volumes { get; } = Find(cluster, "", "v1", "persistentvolumes");

    public KindDefinition Leases { get; } = Find(cluster, "coordination.k8s.io", "v1", "leases");

    private static KindDefinition Find(IClusterClient cluster, string group, string version, string plural) =>
        cluster.Catalogue.FindResource(group, version, plural)
        ?? throw new InvalidOperationException($"The catalogue has no {plural}.{version}.{group}.");
}
