using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Daemons;

/// <summary>One node and the pods that a DaemonSet has on it. Pure.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="ShouldRun">A pod belongs here.</param>
/// <param name="MayStay">A pod that is here may stay: a taint that came later keeps new ones away but does not evict.</param>
/// <param name="All">All pods of the set here, the oldest first.</param>
internal sealed record DaemonNode(string Name, bool ShouldRun, bool MayStay, IReadOnlyList<ObjectDocument> All)
{
    /// <summary>Neither ended nor being deleted.</summary>
    public IReadOnlyList<ObjectDocument> Active { get; } = [.. All.Where(pod => pod.IsActivePod())];

    /// <summary>The newest active pod of the present template.</summary>
    public ObjectDocument? Updated(string hash) => Active.LastOrDefault(pod => IsOf(pod, hash));

    /// <summary>The oldest active pod of another template.</summary>
    public ObjectDocument? Outdated(string hash) => Active.FirstOrDefault(pod => !IsOf(pod, hash));

    public static bool IsOf(ObjectDocument pod, string hash) =>
        pod.Metadata.Labels.GetValueOrDefault(DaemonPodFactory.HashLabel) == hash;
}
