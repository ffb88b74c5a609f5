using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Nodes;

/// <summary>Finds the pods that are bound to a node.</summary>
internal sealed class PodsOnNode
{
    private const string ByNode = "node";

    private readonly ClusterContext _cluster;

    public PodsOnNode(ClusterContext cluster)
    {
        _cluster = cluster;
        cluster.Informers.For(cluster.Kinds.Pod).AddIndex(
            ByNode, static pod => pod.NodeOfPod() is { Length: > 0 } node ? [node] : []);
    }

    public IReadOnlyList<ObjectDocument> Of(string node) => _cluster.Informers.For(_cluster.Kinds.Pod).ByIndex(ByNode, node);
}
