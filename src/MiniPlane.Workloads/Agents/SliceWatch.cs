using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Dispatch;

namespace MiniPlane.Workloads.Agents;

/// <summary>Keeps the endpoint slices for <see cref="ServiceBook"/>.</summary>
internal sealed class SliceWatch(IClusterClient cluster, ClusterKinds kinds, ServiceBook book, ILogger<SliceWatch> logger, TimeProvider time)
    : WatchLoop(cluster, kinds.EndpointSlices, logger, time)
{
    protected override void Reset(IReadOnlyList<ObjectDocument> documents) => book.ResetSlices(documents);

    protected override void Change(ObjectDocument document, bool isGone) => book.ChangeSlice(document, isGone);
}
