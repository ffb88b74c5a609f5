using MiniPlane.Controllers.Views;

namespace MiniPlane.Controllers.Rollouts;

/// <summary>The arithmetic of rolling updates and proportional scaling (upstream's deployment_util). Pure.</summary>
internal static class RolloutMath
{
    /// <summary>Surge rounds up, unavailable rounds down; both 0 would never get anywhere, so then one may be missing.</summary>
    public static (int Surge, int Unavailable) Limits(Deployment deployment)
    {
        if (deployment.Spec.Strategy.IsRecreate)
        {
            return (0, 0);
        }

        int wanted = deployment.Spec.Wanted;
        var quarter = new IntOrString(0, "25%");
        RollingUpdate? update = deployment.Spec.Strategy.RollingUpdate;
        int surge = (update?.MaxSurge ?? quarter).Of(wanted, roundUp: true);
        int unavailable = (update?.MaxUnavailable ?? quarter).Of(wanted, roundUp: false);
        return surge == 0 && unavailable == 0 ? (0, 1) : (surge, unavailable);
    }

    public static int MaxSurge(Deployment deployment) => Limits(deployment).Surge;

    public static int MaxUnavailable(Deployment deployment) =>
        deployment.Spec.Wanted == 0 ? 0 : Math.Min(Limits(deployment).Unavailable, deployment.Spec.Wanted);

    public static int MinAvailable(Deployment deployment) =>
        deployment.Spec.Strategy.IsRecreate ? 0 : deployment.Spec.Wanted - MaxUnavailable(deployment);

    /// <summary>The size the new ReplicaSet may have now, while all together have <paramref name="total"/>.</summary>
    public static int NewSize(Deployment deployment, int total, int newSize)
    {
        if (deployment.Spec.Strategy.IsRecreate)
        {
            return deployment.Spec.Wanted;
        }

        int room = deployment.Spec.Wanted + MaxSurge(deployment) - total;
        return room <= 0 ? newSize : newSize + Math.Min(room, deployment.Spec.Wanted - newSize);
    }

    /// <summary>How many of all old pods may go now so that enough stay available; 0 or less means none.</summary>
    public static int MaxScaledDown(Deployment deployment, IReadOnlyList<OwnedReplicaSet> old, OwnedReplicaSet current) =>
        old.Sum(set => set.Wanted) + current.Wanted
        - MinAvailable(deployment)
        - (current.Wanted - current.Reliable);

    /// <summary>The new sizes when a Deployment is scaled in the middle of a rollout: each ReplicaSet gets its share.</summary>
    public static IReadOnlyList<(OwnedReplicaSet Set, int Size)> Proportional(
        Deployment deployment, IReadOnlyList<OwnedReplicaSet> active)
    {
        int wanted = deployment.Spec.Wanted;
        int allowed = wanted > 0 ? wanted + MaxSurge(deployment) : 0;
        int toAdd = allowed - active.Sum(set => set.Wanted);
        OwnedReplicaSet[] sets = toAdd > 0
            ? [.. active.OrderByDescending(set => set.Wanted).ThenByDescending(set => set.Created).ThenBy(set => set.Name, StringComparer.Ordinal)]
            : [.. active.OrderByDescending(set => set.Wanted).ThenBy(set => set.Created).ThenBy(set => set.Name, StringComparer.Ordinal)];
        int[] sizes = new int[sets.Length];
        int added = 0;
        for (int i = 0; i < sets.Length; i++)
        {
            int share = toAdd == 0 ? 0 : Share(deployment, sets[i], toAdd, added);
            sizes[i] = sets[i].Wanted + share;
            added += share;
        }

        if (sizes.Length > 0 && toAdd != 0)
        {
            // The largest takes what rounding left over.
            sizes[0] = Math.Max(0, sizes[0] + toAdd - added);
        }

        return [.. sets.Zip(sizes)];
    }

    private static int Share(Deployment deployment, OwnedReplicaSet set, int toAdd, int added)
    {
        if (set.Wanted == 0 || toAdd == added)
        {
            return 0;
        }

        int fraction = Fraction(deployment, set);
        int left = toAdd - added;
        return toAdd > 0 ? Math.Min(fraction, left) : Math.Max(fraction, left);
    }

    private static int Fraction(Deployment deployment, OwnedReplicaSet set)
    {
        if (deployment.Spec.Wanted == 0)
        {
            return -set.Wanted;
        }

        int before = set.MaxAnnotation is { } known and > 0 ? known : deployment.Status.Replicas;
        if (before == 0)
        {
            return 0;
        }

        double size = (double)set.Wanted * (deployment.Spec.Wanted + MaxSurge(deployment)) / before;
        return (int)Math.Round(size, MidpointRounding.AwayFromZero) - set.Wanted;
    }
}
