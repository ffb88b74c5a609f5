namespace MiniPlane.Workloads.Nodes;

/// <summary>What all nodes of one backend have in common.</summary>
internal sealed record NodeShape(
    string BackendName, string BackendVersion, int PodsPerNode, string GpuResource, DateTimeOffset Now);
