using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Rollouts;

/// <summary>Changes the sizes of a Deployment's ReplicaSets.</summary>
internal sealed class ReplicaSetScaler(ClusterContext cluster, string component)
{
    private KindDefinition Kind => cluster.Kinds.ReplicaSet;

    /// <summary>Sets the size and the annotations that later proportional scaling needs. True when the size changed.</summary>
    public async Task<bool> ScaleAsync(Rollout rollout, OwnedReplicaSet set, int size, CancellationToken cancellationToken)
    {
        int wanted = rollout.View.Spec.Wanted;
        int max = wanted + RolloutMath.MaxSurge(rollout.View);
        int before = set.Wanted;
        if (before == size && set.DesiredAnnotation == wanted && set.MaxAnnotation == max)
        {
            return false;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = set.Document.ResourceVersion,
                ["annotations"] = new JsonObject
                {
                    [DeploymentAnnotations.DesiredReplicas] = DeploymentAnnotations.Text(wanted),
                    [DeploymentAnnotations.MaxReplicas] = DeploymentAnnotations.Text(max),
                },
            },
            ["spec"] = new JsonObject { ["replicas"] = size },
        };
        ObjectDocument written = await cluster.Writer.MergeAsync(
            Kind, set.Document.Key, patch, subresource: null, cancellationToken);
        rollout.Replace(written);
        if (before == size)
        {
            return false;
        }

        string direction = size > before ? "up" : "down";
        cluster.Events.Normal(
            cluster.Kinds.Deployment,
            rollout.Document,
            "ScalingReplicaSet",
            $"Scaled {direction} replica set {set.Name} from {before} to {size}",
            component);
        return true;
    }

    /// <summary>
    /// Fits the ReplicaSets to a Deployment that was scaled or is paused: the only active one gets it all, a finished rollout
    /// drops its old ones, and in the middle of a rollout everyone gets its share.
    /// </summary>
    public async Task FitAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        int wanted = rollout.View.Spec.Wanted;
        IReadOnlyList<OwnedReplicaSet> active = rollout.Active;
        OwnedReplicaSet? only = active.Count switch
        {
            0 => rollout.Current ?? (rollout.Old is [.., var newest] ? newest : null),
            1 => active[0],
            _ => null,
        };
        if (only is not null || active.Count == 0)
        {
            if (only is not null && only.Wanted != wanted)
            {
                await ScaleAsync(rollout, only, wanted, cancellationToken);
            }

            return;
        }

        if (IsSaturated(rollout.Current, wanted))
        {
            foreach (OwnedReplicaSet old in rollout.Old.Where(set => set.Wanted > 0))
            {
                await ScaleAsync(rollout, old, 0, cancellationToken);
            }
        }
        else if (!rollout.View.Spec.Strategy.IsRecreate)
        {
            foreach ((OwnedReplicaSet set, int size) in RolloutMath.Proportional(rollout.View, active))
            {
                await ScaleAsync(rollout, set, size, cancellationToken);
            }
        }
    }

    private static bool IsSaturated(OwnedReplicaSet? current, int wanted) =>
        current is not null && current.DesiredAnnotation == wanted && current.Wanted == wanted && current.Available == wanted;
}
