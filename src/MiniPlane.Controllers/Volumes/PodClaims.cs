using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Volumes;

/// <summary>Which claims a pod uses, and which pods use a claim.</summary>
internal sealed class PodClaims
{
    private const string ByClaim = "claims";

    private readonly ClusterContext _cluster;

    public PodClaims(ClusterContext cluster)
    {
        _cluster = cluster;
        cluster.Informers.For(cluster.Kinds.Pod).AddIndex(
            ByClaim, static pod => Keys(pod).Select(key => key.ToString()));
    }

    /// <summary>The claims that the pod's volumes name, those of its ephemeral volumes among them.</summary>
    public static IEnumerable<(PodVolume Volume, ObjectKey Claim)> Of(ObjectDocument pod)
    {
        if (!MayHaveClaims(pod))
        {
            yield break;
        }

        foreach (PodVolume volume in pod.AsPod().Spec.Volumes)
        {
            if (NameOf(pod, volume) is { } name)
            {
                yield return (volume, new ObjectKey(pod.Metadata.Namespace, name));
            }
        }
    }

    public static IEnumerable<ObjectKey> Keys(ObjectDocument pod) => Of(pod).Select(entry => entry.Claim);

    /// <summary>All pods that name the claim, ended ones too.</summary>
    public IReadOnlyList<ObjectDocument> Users(ObjectKey claim) =>
        _cluster.Informers.For(_cluster.Kinds.Pod).ByIndex(ByClaim, claim.ToString());

    private static bool MayHaveClaims(ObjectDocument pod) =>
        pod.Mentions("\"persistentVolumeClaim\""u8) || pod.Mentions("\"ephemeral\""u8);

    private static string? NameOf(ObjectDocument pod, PodVolume volume) =>
        volume.PersistentVolumeClaim?.ClaimName
        ?? (volume.Ephemeral is null ? null : $"{pod.Metadata.Name}-{volume.Name}");
}
