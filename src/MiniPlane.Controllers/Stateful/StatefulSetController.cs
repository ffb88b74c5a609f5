using MiniPlane.Controllers.Replication;
using MiniPlane.Controllers.Revisions;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Stateful;

/// <summary>Keeps a StatefulSet's numbered pods and their claims, and rolls them from one revision to the next.</summary>
internal sealed class StatefulSetController : IController
{
    private readonly ClusterContext _cluster;
    private readonly KindDefinition _kind;
    private readonly Adoption _adoption;
    private readonly RevisionHistory _history;
    private readonly StatefulSteps _steps;

    public StatefulSetController(ClusterContext cluster)
    {
        _cluster = cluster;
        _kind = cluster.Kinds.StatefulSet;
        _adoption = new Adoption(cluster);
        _adoption.Prepare(cluster.Kinds.Pod);
        _history = new RevisionHistory(cluster, _kind, "controller.kubernetes.io/hash");
        _steps = new StatefulSteps(cluster, _kind, Name);
    }

    public string Name => "statefulset-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(_kind),
        ControllerWatch.OwnedBy(_cluster.Kinds.Pod, _kind),
        ControllerWatch.OwnedBy(_cluster.Kinds.ControllerRevision, _kind),
        new(_cluster.Kinds.Pod, change => change.After is { } pod ? _adoption.Adopters(_kind, pod, SelectorOf) : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_cluster.Informers.For(_kind).Find(key) is not { } document)
        {
            return ReconcileResult.Done;
        }

        StatefulSetSpec spec = document.AsStatefulSet().Spec;
        if (spec.Selector.IsEmpty)
        {
            return ReconcileResult.Done;
        }

        var selector = spec.Selector.ToLabelSelector();
        RevisionState revisions = await _history.SyncAsync(
            document, selector, document.AsStatefulSet().Status.CollisionCount ?? 0, cancellationToken);
        ReconcileResult result = ReconcileResult.Done;
        try
        {
            StatefulState before = await StateAsync(document, selector, revisions, cancellationToken);
            if (!document.Metadata.IsBeingDeleted)
            {
                result = await _steps.RunAsync(before, cancellationToken);
            }
        }
        finally
        {
            // Also after a failure, for what was done before it counts.
            StatefulState after = await StateAsync(document, selector, revisions, cancellationToken);
            await _cluster.Writer.UpdateStatusAsync(
                _kind, document, status => StatefulStatus.Write(status, after, _cluster.Now), cancellationToken);
            result = result.Or(PodAvailability.Next(after.Documents, spec.MinReadySeconds, _cluster.Now));
            await TrimAsync(after, cancellationToken);
        }

        return result;
    }

    private static LabelSelector? SelectorOf(ObjectDocument document) =>
        document.AsStatefulSet().Spec.Selector is { IsEmpty: false } selector ? selector.ToLabelSelector() : null;

    private async Task<StatefulState> StateAsync(
        ObjectDocument document, LabelSelector selector, RevisionState revisions, CancellationToken cancellationToken)
    {
        List<ObjectDocument> pods = await _adoption.ClaimAsync(
            _kind,
            document,
            _cluster.Kinds.Pod,
            selector,
            releasing: null,
            cancellationToken,
            pod => StatefulPod.IsMember(document.Metadata.Name, pod.Metadata.Name));
        return new StatefulState(document, revisions, pods);
    }

    private Task TrimAsync(StatefulState state, CancellationToken cancellationToken)
    {
        var used = state.Pods.Select(pod => pod.Revision).ToHashSet(StringComparer.Ordinal);
        used.Add(state.Current.Name);
        return _history.TrimAsync(
            state.Revisions, revision => used.Contains(revision.Name), state.View.Spec.RevisionHistoryLimit ?? 10, cancellationToken);
    }
}
