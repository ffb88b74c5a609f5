[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace MiniPlane.Conformance.Tests.Rig;

/// <summary>Tests of this collection share one cluster. All tests run one after another: real jobs share few cores.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<Cluster>
{
    public const string Name = "one cluster";
}
