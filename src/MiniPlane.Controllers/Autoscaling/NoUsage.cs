using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>Where no agents report (a control plane without workloads), nothing is known of what pods use.</summary>
internal sealed class NoUsage : IPodUsage
{
    public PodUsage? Find(ObjectDocument pod) => null;
}
