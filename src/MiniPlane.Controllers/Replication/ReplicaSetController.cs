using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Replication;

/// <summary>Keeps as many pods as a ReplicaSet asks for, and counts them in its status.</summary>
internal sealed class ReplicaSetController : IController
{
    /// <summary>At most so many pods are created or deleted in one go.</summary>
    private const int Burst = 500;

    private readonly ClusterContext _cluster;
    private readonly Adoption _adoption;
    private readonly PodControl _pods;
    private readonly KindDefinition _kind;

    public ReplicaSetController(ClusterContext cluster)
    {
        _cluster = cluster;
        _kind = cluster.Kinds.ReplicaSet;
        _adoption = new Adoption(cluster);
        _adoption.Prepare(cluster.Kinds.Pod);
        _pods = new PodControl(cluster, _kind, Name);
    }

    public string Name => "replicaset-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(_kind),
        ControllerWatch.OwnedBy(_cluster.Kinds.Pod, _kind),
        new(_cluster.Kinds.Pod, change => change.After is { } pod ? _adoption.Adopters(_kind, pod, SelectorOf) : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_cluster.Informers.For(_kind).Find(key) is not { } document)
        {
            return ReconcileResult.Done;
        }

        ReplicaSet set = document.AsReplicaSet();
        if (set.Spec.Selector.IsEmpty)
        {
            return ReconcileResult.Done;
        }

        var selector = set.Spec.Selector.ToLabelSelector();
        List<ObjectDocument> pods = await _adoption.ClaimAsync(
            _kind, document, _cluster.Kinds.Pod, selector, releasing: null, cancellationToken);
        pods.RemoveAll(pod => !pod.IsActivePod());
        ApiException? failure = null;
        if (!document.Metadata.IsBeingDeleted)
        {
            failure = await ManageAsync(document, set, pods, cancellationToken);
            pods = [.. OwnedPods(document.Metadata.Uid).Where(pod => pod.IsActivePod() && selector.Matches(pod.Metadata.Labels))];
        }

        await WriteStatusAsync(document, set, pods, failure, cancellationToken);
        if (failure is not null)
        {
            throw failure;
        }

        return NextAvailable(set, pods);
    }

    private static LabelSelector? SelectorOf(ObjectDocument document) =>
        document.AsReplicaSet().Spec.Selector is { IsEmpty: false } selector ? selector.ToLabelSelector() : null;

    private IEnumerable<ObjectDocument> OwnedPods(string uid) => _cluster.Informers.For(_cluster.Kinds.Pod).OwnedBy(uid)
        .Where(pod => pod.Metadata.Controller?.Uid == uid);

    private async Task<ApiException?> ManageAsync(
        ObjectDocument document, ReplicaSet set, List<ObjectDocument> pods, CancellationToken cancellationToken)
    {
        int missing = set.Spec.Wanted - pods.Count;
        try
        {
            if (missing > 0)
            {
                var template = (JsonObject?)document.ToJson().Object("spec", "template")?.DeepClone() ?? [];
                await SlowStart.RunAsync(
                    Math.Min(missing, Burst),
                    _ => _pods.CreateAsync(document, _pods.FromTemplate(document, template), cancellationToken));
            }
            else if (missing < 0)
            {
                IReadOnlyList<ObjectDocument> surplus = DeletionOrder.First(
                    pods, RelatedPods(document), Math.Min(-missing, Burst), _cluster.Now);
                await Task.WhenAll(surplus.Select(pod => _pods.DeleteAsync(document, pod, cancellationToken)));
            }
        }
        catch (ApiException exception)
        {
            return exception;
        }

        return null;
    }

    private IEnumerable<ObjectDocument> RelatedPods(ObjectDocument document) =>
        document.Metadata.Controller is { } controller
            ? _cluster.Informers.For(_kind).OwnedBy(controller.Uid).SelectMany(set => OwnedPods(set.Metadata.Uid))
            : OwnedPods(document.Metadata.Uid);

    private async Task WriteStatusAsync(
        ObjectDocument document,
        ReplicaSet set,
        List<ObjectDocument> pods,
        ApiException? failure,
        CancellationToken cancellationToken)
    {
        DateTimeOffset now = _cluster.Now;
        var labels = LabelSelector.FromLabels(document.ToJson().TextMap("spec", "template", "metadata", "labels"));
        int ready = pods.Count(pod => pod.AsPod().IsReady);
        int available = pods.Count(pod => pod.AsPod().IsAvailable(set.Spec.MinReadySeconds, now));
        await _cluster.Writer.UpdateStatusAsync(
            _kind,
            document,
            status =>
            {
                status["replicas"] = pods.Count;
                SetCount(status, "fullyLabeledReplicas", pods.Count(pod => labels.Matches(pod.Metadata.Labels)));
                SetCount(status, "readyReplicas", ready);
                SetCount(status, "availableReplicas", available);
                status["observedGeneration"] = document.Metadata.Generation;
                if (failure is null)
                {
                    StatusConditions.Remove(status, "ReplicaFailure");
                }
                else
                {
                    string reason = pods.Count < set.Spec.Wanted ? "FailedCreate" : "FailedDelete";
                    StatusConditions.Set(status, "ReplicaFailure", value: true, reason, failure.Message, now);
                }
            },
            cancellationToken);
    }

    /// <summary>Upstream leaves counts of 0 out, except <c>replicas</c>.</summary>
    private static void SetCount(JsonObject status, string name, int count)
    {
        if (count == 0)
        {
            status.Remove(name);
        }
        else
        {
            status[name] = count;
        }
    }

    /// <summary>A ready pod becomes available by time alone, which no watch tells.</summary>
    private ReconcileResult NextAvailable(ReplicaSet set, List<ObjectDocument> pods)
    {
        if (set.Spec.MinReadySeconds == 0)
        {
            return ReconcileResult.Done;
        }

        DateTimeOffset now = _cluster.Now;
        var delay = TimeSpan.FromSeconds(set.Spec.MinReadySeconds);
        ReconcileResult result = ReconcileResult.Done;
        foreach (ObjectDocument pod in pods)
        {
            if (pod.AsPod().Condition("Ready") is { IsTrue: true, LastTransitionTime: { } since } && since + delay > now)
            {
                result = result.Or(ReconcileResult.After(since + delay - now));
            }
        }

        return result;
    }
}
