using MiniPlane.Controllers.Views;
using MiniPlane.Controllers.Volumes;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Controllers.Scheduling;

/// <summary>
/// Chooses a node for a pod: a filter that names what does not fit, then the preferences, then the default partition. Pure.
/// Resources are compared with what the partition has at all, never with what is free: when a job starts is Slurm's business.
/// </summary>
internal static class Placement
{
    private const string UnschedulableTaint = "node.kubernetes.io/unschedulable";

    /// <summary>The chosen node's name, or null and why no node fits, in kube-scheduler's words.</summary>
    public static (string? Node, string Why) Choose(PodNeeds needs, IReadOnlyCollection<NodeFacts> nodes)
    {
        if (nodes.Count == 0)
        {
            return (null, "no nodes available to schedule pods");
        }

        if (needs.Volumes.Blocked is { } blocked)
        {
            return (null, $"0/{nodes.Count} nodes are available: {blocked}.");
        }

        List<NodeFacts> fitting = [];
        List<string> reasons = [];
        foreach (NodeFacts node in nodes)
        {
            int before = reasons.Count;
            reasons.AddRange(Obstacles(needs, node));
            if (reasons.Count == before)
            {
                fitting.Add(node);
            }
        }

        NodeFacts? best = fitting
            .OrderByDescending(node => Score(needs, node))
            .ThenBy(node => needs.Partitions.Count == 0 ? 0 : Position(needs.Partitions, node.Partition))
            .ThenBy(node => node.IsDefault ? 0 : 1)
            .ThenBy(node => node.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best is null ? (null, Summary(nodes.Count, reasons)) : (best.Name, "");
    }

    /// <summary>Whether a daemon's pod belongs on the node by affinity, selector and partition; resources and taints aside.</summary>
    public static bool BelongsOn(PodNeeds needs, NodeFacts node) =>
        (needs.Partitions.Count == 0 || needs.Partitions.Contains(node.Partition, StringComparer.Ordinal))
        && needs.NodeLabels.Matches(node.Labels)
        && (needs.Required is not { } required || required.Matches(node.Labels, node.Name));

    /// <summary>True when the pod tolerates all the node's taints of these effects.</summary>
    public static bool ToleratesAll(PodNeeds needs, NodeFacts node, params ReadOnlySpan<string> effects)
    {
        foreach (Taint taint in node.Taints)
        {
            if (effects.Contains(taint.Effect ?? "") && !IsTolerated(needs, taint))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Why the pod cannot be on the node; empty when it can. Like the filters of kube-scheduler, the first kind of obstacle ends the search.</summary>
    private static IEnumerable<string> Obstacles(PodNeeds needs, NodeFacts node)
    {
        if (node.IsCordoned && !needs.Tolerations.Any(toleration => Tolerates(toleration, UnschedulableTaint, "", "NoSchedule")))
        {
            return ["node(s) were unschedulable"];
        }

        if (node.IsNotReady)
        {
            return ["node(s) were not ready"];
        }

        Taint? taint = node.Taints.FirstOrDefault(each => each.Effect is "NoSchedule" or "NoExecute" && !IsTolerated(needs, each));
        if (taint is not null)
        {
            return [$"node(s) had untolerated taint {taint}"];
        }

        if (needs.Partitions.Count > 0 && !needs.Partitions.Contains(node.Partition, StringComparer.Ordinal))
        {
            return ["node(s) didn't match the partition that the pod's annotations ask for"];
        }

        if (!needs.NodeLabels.Matches(node.Labels) || (needs.Required is { } required && !required.Matches(node.Labels, node.Name)))
        {
            return ["node(s) didn't match Pod's node affinity/selector"];
        }

        if (needs.Volumes.Affinities.Any(affinity => !affinity.Matches(node.Labels, node.Name)))
        {
            return ["node(s) didn't match PersistentVolume's node affinity"];
        }

        if (needs.Volumes.Candidates.Any(volumes => !volumes.Any(volume => VolumeMatch.IsReachable(volume, node.Document))))
        {
            return ["node(s) didn't find available persistent volumes to bind"];
        }

        return needs.Requests
            .Where(request => !Fits(node, request.Key, request.Value))
            .Select(request => $"Insufficient {request.Key}");
    }

    private static bool Fits(NodeFacts node, string resource, Quantity amount)
    {
        if (amount.IsZero || resource == "ephemeral-storage")
        {
            // Slurm does not account for scratch space.
            return true;
        }

        if (node.MostPerSlurmNode(resource) is { } most && amount > most)
        {
            return false;
        }

        // An extended resource (a GPU) that the node does not name is one it does not have.
        return node.Allocatable(resource) is { } all ? amount <= all : resource is "cpu" or "memory" or "pods";
    }

    private static long Score(PodNeeds needs, NodeFacts node)
    {
        long preferred = needs.Preferred.Where(each => each.Term.Matches(node.Labels, node.Name)).Sum(each => each.Weight);
        int repelling = node.Taints.Count(taint => taint.Effect == "PreferNoSchedule" && !IsTolerated(needs, taint));
        return preferred - (repelling * 100);
    }

    private static int Position(IReadOnlyList<string> partitions, string partition)
    {
        int position = 0;
        while (position < partitions.Count && partitions[position] != partition)
        {
            position++;
        }

        return position;
    }

    public static bool Tolerates(Toleration toleration, Taint taint) =>
        Tolerates(toleration, taint.Key ?? "", taint.Value ?? "", taint.Effect ?? "");

    private static bool IsTolerated(PodNeeds needs, Taint taint) => needs.Tolerations.Any(toleration => Tolerates(toleration, taint));

    /// <summary>core.v1.Toleration: empty key or effect match all; Exists ignores the value.</summary>
    private static bool Tolerates(Toleration toleration, string key, string value, string effect) =>
        (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == effect)
        && (string.IsNullOrEmpty(toleration.Key) || toleration.Key == key)
        && (toleration.Operator == "Exists" || (!string.IsNullOrEmpty(toleration.Key) && (toleration.Value ?? "") == value));

    private static string Summary(int nodes, IEnumerable<string> reasons)
    {
        IEnumerable<string> counted = reasons.CountBy(reason => reason, StringComparer.Ordinal)
            .Select(entry => $"{entry.Value} {entry.Key}")
            .Order(StringComparer.Ordinal);
        return $"0/{nodes} nodes are available: {string.Join(", ", counted)}.";
    }
}
