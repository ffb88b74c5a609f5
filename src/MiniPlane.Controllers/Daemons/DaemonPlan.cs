using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Daemons;

/// <summary>
/// What a DaemonSet has to do next: on which nodes to make a pod and which pods to delete (upstream's manage and rollingUpdate). Pure.
/// </summary>
internal sealed class DaemonPlan
{
    private readonly DaemonSet _set;
    private readonly string _hash;
    private readonly DateTimeOffset _now;

    private DaemonPlan(DaemonSet set, string hash, DateTimeOffset now)
    {
        _set = set;
        _hash = hash;
        _now = now;
    }

    /// <summary>Nodes that need a pod.</summary>
    public List<string> Create { get; } = [];

    public List<ObjectDocument> Delete { get; } = [];

    /// <summary>Pods that ended, which are replaced at a bounded pace.</summary>
    public List<(string Node, ObjectDocument Pod)> Ended { get; } = [];

    public static DaemonPlan For(
        DaemonSet set, string hash, IReadOnlyList<DaemonNode> nodes, DateTimeOffset now)
    {
        var plan = new DaemonPlan(set, hash, now);
        (int surge, int unavailable) = set.Spec.UpdateStrategy.Limits(nodes.Count(node => node.ShouldRun));
        foreach (DaemonNode node in nodes)
        {
            plan.Settle(node, mayDouble: surge > 0 && !set.Spec.UpdateStrategy.IsOnDelete);
        }

        if (plan.Create.Count + plan.Delete.Count + plan.Ended.Count > 0 || set.Spec.UpdateStrategy.IsOnDelete)
        {
            // A rollout goes on when every node has what it needs.
            return plan;
        }

        if (surge > 0)
        {
            plan.Surge(nodes, surge);
        }
        else
        {
            plan.Replace(nodes, unavailable);
        }

        return plan;
    }

    private void Settle(DaemonNode node, bool mayDouble)
    {
        if (!node.MayStay)
        {
            Delete.AddRange(node.All.Where(pod => !pod.Metadata.IsBeingDeleted));
            return;
        }

        ObjectDocument? ended = node.All.FirstOrDefault(pod => !pod.Metadata.IsBeingDeleted && pod.AsPod().IsTerminal);
        if (ended is not null)
        {
            Ended.Add((node.Name, ended));
        }

        if (node.All.Count == 0)
        {
            if (node.ShouldRun)
            {
                Create.Add(node.Name);
            }

            return;
        }

        if (mayDouble && node.Updated(_hash) is { } updated && node.Outdated(_hash) is { } outdated)
        {
            // The old one stays until the new one is available; a third is one too many.
            Delete.AddRange(IsAvailable(updated)
                ? node.Active.Where(pod => pod != updated)
                : node.Active.Where(pod => pod != updated && pod != outdated));
            return;
        }

        Delete.AddRange(node.Active.Skip(1));
    }

    /// <summary>Deletes old pods first; the new ones are made when those have gone.</summary>
    private void Replace(IReadOnlyList<DaemonNode> nodes, int allowed)
    {
        int missing = 0;
        List<ObjectDocument> candidates = [];
        foreach (DaemonNode node in nodes.Where(node => node.ShouldRun || node.Active.Count > 0))
        {
            ObjectDocument? outdated = node.Outdated(_hash);
            if (node.Updated(_hash) is { } updated)
            {
                missing += IsAvailable(updated) ? 0 : 1;
            }
            else if (outdated is null)
            {
                missing += node.ShouldRun ? 1 : 0;
            }
            else if (IsAvailable(outdated))
            {
                candidates.Add(outdated);
            }
            else
            {
                missing++;
                Delete.Add(outdated);
            }
        }

        Delete.AddRange(candidates.Take(Math.Max(0, allowed - missing)));
    }

    /// <summary>Makes the new pod beside the old one, which goes when the new one is available.</summary>
    private void Surge(IReadOnlyList<DaemonNode> nodes, int allowed)
    {
        int surging = 0;
        List<string> candidates = [];
        foreach (DaemonNode node in nodes.Where(node => node.Outdated(_hash) is not null))
        {
            if (node.Updated(_hash) is not null)
            {
                surging++;
            }
            else if (!node.ShouldRun)
            {
                continue;
            }
            else if (node.Outdated(_hash) is { } outdated && !IsAvailable(outdated))
            {
                Create.Add(node.Name);
            }
            else
            {
                candidates.Add(node.Name);
            }
        }

        Create.AddRange(candidates.Take(Math.Max(0, allowed - surging)));
    }

    private bool IsAvailable(ObjectDocument pod) => pod.AsPod().IsAvailable(_set.Spec.MinReadySeconds, _now);
}
