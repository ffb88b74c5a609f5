using System.Text.Json.Nodes;
using MiniPlane.Controllers.Replication;
using MiniPlane.Controllers.Revisions;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Scheduling;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Daemons;

/// <summary>Keeps one pod of a DaemonSet on every virtual node that fits, and rolls them from one template to the next.</summary>
internal sealed class DaemonSetController : IController
{
    /// <summary>At most so many pods are created or deleted in one go.</summary>
    private const int Burst = 250;

    private readonly ClusterContext _cluster;
    private readonly KindDefinition _kind;
    private readonly Adoption _adoption;
    private readonly RevisionHistory _history;
    private readonly PodControl _pods;
    private readonly ReplacementPace _pace;

    public DaemonSetController(ClusterContext cluster)
    {
        _cluster = cluster;
        _kind = cluster.Kinds.DaemonSet;
        _adoption = new Adoption(cluster);
        _adoption.Prepare(cluster.Kinds.Pod);
        _history = new RevisionHistory(cluster, _kind, DaemonPodFactory.HashLabel);
        _pods = new PodControl(cluster, _kind, Name);
        _pace = new ReplacementPace(cluster.Time);
    }

    public string Name => "daemonset-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(_kind),
        ControllerWatch.OwnedBy(_cluster.Kinds.Pod, _kind),
        ControllerWatch.OwnedBy(_cluster.Kinds.ControllerRevision, _kind),
        new(_cluster.Kinds.Pod, change => change.After is { } pod ? _adoption.Adopters(_kind, pod, SelectorOf) : []),
        new(_cluster.Kinds.Node, change => NodeFacts.Differ(change.Before, change.After) ? _cluster.Informers.For(_kind).All().Select(set => set.Key) : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_cluster.Informers.For(_kind).Find(key) is not { } document)
        {
            return ReconcileResult.Done;
        }

        DaemonSetSpec spec = document.AsDaemonSet().Spec;
        if (spec.Selector.IsEmpty)
        {
            _cluster.Events.Warning(
                _kind, document, "SelectingAll", "This daemon set is selecting all pods. A non-empty selector is required.", Name);
            return ReconcileResult.Done;
        }

        var selector = spec.Selector.ToLabelSelector();
        RevisionState revisions = await _history.SyncAsync(
            document, selector, document.AsDaemonSet().Status.CollisionCount ?? 0, cancellationToken);
        string hash = revisions.Update.Document.Metadata.Labels.GetValueOrDefault(DaemonPodFactory.HashLabel, "");
        ReconcileResult result = ReconcileResult.Done;
        try
        {
            if (!document.Metadata.IsBeingDeleted)
            {
                IReadOnlyList<DaemonNode> nodes = await NodesAsync(document, selector, cancellationToken);
                result = await CarryOutAsync(
                    document, hash, DaemonPlan.For(document.AsDaemonSet(), hash, nodes, _cluster.Now), cancellationToken);
            }
        }
        finally
        {
            // Also after a failure, for what was done before it counts.
            IReadOnlyList<DaemonNode> nodes = await NodesAsync(document, selector, cancellationToken);
            await _cluster.Writer.UpdateStatusAsync(
                _kind,
                document,
                status => DaemonStatus.Write(status, document, nodes, hash, revisions.Collisions, _cluster.Now),
                cancellationToken);
            result = result.Or(PodAvailability.Next(nodes.SelectMany(node => node.Active), spec.MinReadySeconds, _cluster.Now));
            var used = nodes.SelectMany(node => node.All)
                .Select(pod => pod.Metadata.Labels.GetValueOrDefault(DaemonPodFactory.HashLabel, ""))
                .ToHashSet(StringComparer.Ordinal);
            await _history.TrimAsync(
                revisions,
                revision => used.Contains(revision.Document.Metadata.Labels.GetValueOrDefault(DaemonPodFactory.HashLabel, "")),
                spec.RevisionHistoryLimit ?? 10,
                cancellationToken);
        }

        return result;
    }

    private static LabelSelector? SelectorOf(ObjectDocument document) =>
        document.AsDaemonSet().Spec.Selector is { IsEmpty: false } selector ? selector.ToLabelSelector() : null;

    /// <summary>Every node, also one that has gone but still has pods, with the set's pods on it.</summary>
    private async Task<IReadOnlyList<DaemonNode>> NodesAsync(
        ObjectDocument document, LabelSelector selector, CancellationToken cancellationToken)
    {
        List<ObjectDocument> claimed = await _adoption.ClaimAsync(
            _kind, document, _cluster.Kinds.Pod, selector, releasing: null, cancellationToken);
        ILookup<string, ObjectDocument> byNode = claimed
            .OrderBy(pod => pod.Metadata.CreationTimestamp)
            .ThenBy(pod => pod.Revision)
            .ToLookup(pod => DaemonPodFactory.NodeOf(pod) ?? "", StringComparer.Ordinal);
        PodNeeds needs = Needs(document);
        List<DaemonNode> nodes = [];
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (ObjectDocument node in _cluster.Informers.For(_cluster.Kinds.Node).All().OrderBy(node => node.Metadata.Name, StringComparer.Ordinal))
        {
            var facts = new NodeFacts(node);
            bool belongs = Placement.BelongsOn(needs, facts);
            bool shouldRun = belongs && Placement.ToleratesAll(needs, facts, "NoSchedule", "NoExecute");
            bool mayStay = belongs && Placement.ToleratesAll(needs, facts, "NoExecute");
            known.Add(node.Metadata.Name);
            nodes.Add(new DaemonNode(node.Metadata.Name, shouldRun, mayStay, [.. byNode[node.Metadata.Name]]));
        }

        nodes.AddRange(byNode.Where(group => !known.Contains(group.Key))
            .Select(group => new DaemonNode(group.Key, ShouldRun: false, MayStay: false, [.. group])));
        return nodes;
    }

    /// <summary>What the template asks of a node, with what every daemon tolerates.</summary>
    private static PodNeeds Needs(ObjectDocument document)
    {
        JsonObject template = (JsonObject?)document.ToJson().Object("spec", "template")?.DeepClone() ?? [];
        template["metadata"] = new JsonObject
        {
            ["name"] = document.Metadata.Name,
            ["annotations"] = template.At("metadata", "annotations")?.DeepClone(),
        };
        DaemonPodFactory.AddTolerations(template.Ensure("spec"));
        return PodNeeds.From(DraftDocument.From(template).Stamp(document.Revision));
    }

    private async Task<ReconcileResult> CarryOutAsync(
        ObjectDocument document, string hash, DaemonPlan plan, CancellationToken cancellationToken)
    {
        ReconcileResult result = ReconcileResult.Done;
        foreach ((string node, ObjectDocument pod) in plan.Ended)
        {
            TimeSpan wait = _pace.Next($"{document.Metadata.Uid}/{document.Metadata.Generation}/{node}");
            if (wait > TimeSpan.Zero)
            {
                result = result.Or(ReconcileResult.After(wait));
                continue;
            }

            TellEnd(document, node, pod);
            await _pods.DeleteAsync(document, pod, cancellationToken);
        }

        JsonObject template = document.ToJson().Object("spec", "template") ?? [];
        await Task.WhenAll(plan.Delete.Take(Burst).Select(pod => _pods.DeleteAsync(document, pod, cancellationToken)));
        await SlowStart.RunAsync(
            Math.Min(plan.Create.Count, Burst),
            i => _pods.CreateAsync(
                document, DaemonPodFactory.Make(_pods, document, template, hash, plan.Create[i]), cancellationToken));
        return result;
    }

    private void TellEnd(ObjectDocument document, string node, ObjectDocument pod)
    {
        if (pod.AsPod().IsFailed)
        {
            _cluster.Events.Warning(
                _kind, document, "FailedDaemonPod", $"Found failed daemon pod {pod.Key} on node {node}, will try to kill it", Name);
        }
        else
        {
            _cluster.Events.Normal(
                _kind, document, "SucceededDaemonPod", $"Found succeeded daemon pod {pod.Key} on node {node}, will try to delete it", Name);
        }
    }
}
