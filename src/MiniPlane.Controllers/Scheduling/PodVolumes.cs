using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Controllers.Volumes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Scheduling;

/// <summary>Reads what a pod's claims ask of its place, with the words of kube-scheduler's volume plug-ins.</summary>
internal sealed class PodVolumes(ClusterContext cluster)
{
    private const string NoProvisioner = "kubernetes.io/no-provisioner";

    private readonly PodClaims _claims = new(cluster);

    /// <summary>Pods that may be waiting for this claim.</summary>
    public IEnumerable<ObjectDocument> Users(ObjectKey claim) => _claims.Users(claim);

    public VolumeNeeds Of(ObjectDocument pod)
    {
        List<NodeSelector> affinities = [];
        List<ObjectDocument> waiting = [];
        List<IReadOnlyList<ObjectDocument>> candidates = [];
        foreach ((PodVolume volume, ObjectKey key) in PodClaims.Of(pod))
        {
            ObjectDocument? claim = cluster.Informers.For(cluster.Kinds.PersistentVolumeClaim).Find(key);
            if (claim is null)
            {
                return Blocked(volume.Ephemeral is null
                    ? $"persistentvolumeclaim \"{key.Name}\" not found"
                    : $"waiting for ephemeral volume controller to create the persistentvolumeclaim \"{key.Name}\"");
            }

            if (Trouble(pod, volume, claim) is { } trouble)
            {
                return Blocked(trouble);
            }

            if (!IsBound(claim))
            {
                if (Class(claim)?.WaitsForConsumer != true)
                {
                    return Blocked("pod has unbound immediate PersistentVolumeClaims");
                }

                waiting.Add(claim);
                if (Class(claim)?.Provisioner == NoProvisioner)
                {
                    candidates.Add(Suitable(claim));
                }
            }
            else if (Volume(claim) is not { } bound)
            {
                return Blocked($"persistentvolumeclaim \"{key.Name}\" bound to non-existent persistentvolume \"{claim.AsClaim().Spec.VolumeName}\"");
            }
            else if (bound.ToJson().At("spec", "nodeAffinity", "required") is { } required)
            {
                affinities.Add(NodeSelector.FromJson(required));
            }
        }

        return new VolumeNeeds { Affinities = affinities, Waiting = waiting, Candidates = candidates };
    }

    /// <summary>Tells the claims that waited which node was chosen. True when there is nothing more to wait for.</summary>
    public async Task<bool> ChooseAsync(VolumeNeeds needs, string node, CancellationToken cancellationToken)
    {
        foreach (ObjectDocument claim in needs.Waiting)
        {
            if (claim.Metadata.Annotations.GetValueOrDefault(VolumeWords.SelectedNode) == node)
            {
                continue;
            }

            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["resourceVersion"] = claim.ResourceVersion,
                    ["annotations"] = new JsonObject { [VolumeWords.SelectedNode] = node },
                },
            };
            await cluster.Writer.MergeAsync(cluster.Kinds.PersistentVolumeClaim, claim.Key, patch, subresource: null, cancellationToken);
        }

        return needs.Waiting.Count == 0;
    }

    private static VolumeNeeds Blocked(string why) => new() { Blocked = why };

    private static bool IsBound(ObjectDocument claim) =>
        claim.AsClaim().Spec.VolumeName.Length > 0 && claim.Metadata.Annotations.ContainsKey(VolumeWords.BindCompleted);

    private string? Trouble(ObjectDocument pod, PodVolume volume, ObjectDocument claim)
    {
        if (claim.Metadata.IsBeingDeleted)
        {
            return $"persistentvolumeclaim \"{claim.Metadata.Name}\" is being deleted";
        }

        if (volume.Ephemeral is not null && claim.Metadata.Controller?.Uid != pod.Metadata.Uid)
        {
            return $"PVC {claim.Key} was not created for pod {pod.Key} (pod is not owner)";
        }

        if (claim.AsClaim().Status.Phase == "Lost")
        {
            return $"persistentvolumeclaim \"{claim.Metadata.Name}\" bound to non-existent persistentvolume \"{claim.AsClaim().Spec.VolumeName}\"";
        }

        bool isTaken = claim.AsClaim().Spec.AccessModes.Contains("ReadWriteOncePod", StringComparer.Ordinal)
            && Users(claim.Key).Any(other => other.Metadata.Uid != pod.Metadata.Uid
                && !other.IsEndedPod() && other.NodeOfPod().Length > 0);
        return isTaken ? "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode" : null;
    }

    private StorageClass? Class(ObjectDocument claim) =>
        cluster.Informers.For(cluster.Kinds.StorageClass).Find(ObjectKey.Cluster(claim.ClaimClass()))?.AsStorageClass();

    private ObjectDocument? Volume(ObjectDocument claim) =>
        cluster.Informers.For(cluster.Kinds.PersistentVolume).Find(ObjectKey.Cluster(claim.AsClaim().Spec.VolumeName));

    private List<ObjectDocument> Suitable(ObjectDocument claim) =>
    [
        .. cluster.Informers.For(cluster.Kinds.PersistentVolume).All()
            .Where(volume => VolumeMatch.Best(claim, [volume], isDelayed: false, node: null) is not null),
    ];
}
