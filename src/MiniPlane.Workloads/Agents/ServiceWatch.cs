using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Dispatch;

namespace MiniPlane.Workloads.Agents;

/// <summary>Keeps the services for <see cref="ServiceBook"/>.</summary>
internal sealed class ServiceWatch(IClusterClient cluster, ClusterKinds kinds, ServiceBook book, ILogger<ServiceWatch> logger, TimeProvider time)
    : WatchLoop(cluster, kinds.Services, logger, time)
{
    protected override void Reset(IReadOnlyList<ObjectDocument> documents) => book.ResetServices(documents);

    protected override void Change(ObjectDocument document, bool isGone) => book.ChangeService(document, isGone);
}
