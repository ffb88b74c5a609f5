using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;

namespace MiniPlane.Controllers.Rollouts;

/// <summary>One step of a rollout, by the Deployment's strategy. Many reconciles make a whole one.</summary>
internal sealed class RolloutSteps(ClusterContext cluster, CurrentReplicaSet current, ReplicaSetScaler scaler)
{
    /// <summary>All old pods end before the first new one starts.</summary>
    public async Task RecreateAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        await current.EnsureAsync(rollout, mayCreate: false, cancellationToken);
        bool scaledDown = false;
        foreach (OwnedReplicaSet old in rollout.Old.Where(set => set.Wanted > 0))
        {
            scaledDown |= await scaler.ScaleAsync(rollout, old, 0, cancellationToken);
        }

        if (scaledDown || HasOldPods(rollout))
        {
            return;
        }

        await current.EnsureAsync(rollout, mayCreate: true, cancellationToken);
        if (rollout.Current is { } set)
        {
            await scaler.ScaleAsync(rollout, set, rollout.View.Spec.Wanted, cancellationToken);
        }
    }

    /// <summary>New pods come as surge allows, old ones go as availability allows.</summary>
    public async Task RollAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        await current.EnsureAsync(rollout, mayCreate: true, cancellationToken);
        if (rollout.Current is not { } set)
        {
            return;
        }

        int wanted = rollout.View.Spec.Wanted;
        int size = set.Wanted > wanted ? wanted : RolloutMath.NewSize(rollout.View, rollout.Total, set.Wanted);
        if (!await scaler.ScaleAsync(rollout, set, size, cancellationToken))
        {
            await ScaleDownOldAsync(rollout, set, cancellationToken);
        }
    }

    private async Task ScaleDownOldAsync(Rollout rollout, OwnedReplicaSet set, CancellationToken cancellationToken)
    {
        int budget = RolloutMath.MaxScaledDown(rollout.View, rollout.Old, set);
        if (rollout.Old.Sum(old => old.Wanted) == 0 || budget <= 0)
        {
            return;
        }

        // Pods that are not available anyway go first; nobody misses them.
        foreach (OwnedReplicaSet old in rollout.Old)
        {
            int unhealthy = Math.Min(budget, old.Wanted - old.Available);
            if (unhealthy > 0 && old.Wanted > 0)
            {
                await scaler.ScaleAsync(rollout, old, old.Wanted - unhealthy, cancellationToken);
                budget -= unhealthy;
            }
        }

        int spare = rollout.All.Sum(each => each.Reliable) - RolloutMath.MinAvailable(rollout.View);
        foreach (OwnedReplicaSet old in rollout.Old)
        {
            int count = Math.Min(spare, old.Wanted);
            if (count > 0)
            {
                await scaler.ScaleAsync(rollout, old, old.Wanted - count, cancellationToken);
                spare -= count;
            }
        }
    }

    private bool HasOldPods(Rollout rollout)
    {
        Informer pods = cluster.Informers.For(cluster.Kinds.Pod);
        return rollout.Old.Any(set => pods.OwnedBy(set.Uid).Any(pod => !pod.AsPod().IsTerminal));
    }
}
