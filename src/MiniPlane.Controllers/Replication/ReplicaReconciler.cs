using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Replication;

/// <summary>
/// Keeps as many pods as a ReplicaSet or a ReplicationController asks for, and counts them in its status. <paramref name="view"/>
/// reads either kind as a ReplicaSet.
/// </summary>
internal sealed class ReplicaReconciler(
    ClusterContext cluster, KindDefinition kind, string component, Func<ObjectDocument, ReplicaSet> view)
{
    /// <summary>At most so many pods are created or deleted in one go.</summary>
    private const int Burst = 500;

    private readonly Adoption _adoption = Prepared(cluster);
    private readonly PodControl _pods = new(cluster, kind, component);

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(kind),
        ControllerWatch.OwnedBy(cluster.Kinds.Pod, kind),
        new(cluster.Kinds.Pod, change => change.After is { } pod ? _adoption.Adopters(kind, pod, SelectorOf) : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cluster.Informers.For(kind).Find(key) is not { } document)
        {
            return ReconcileResult.Done;
        }

        ReplicaSet set = view(document);
        if (set.Spec.Selector.IsEmpty)
        {
            return ReconcileResult.Done;
        }

        var selector = set.Spec.Selector.ToLabelSelector();
        List<ObjectDocument> pods = await _adoption.ClaimAsync(
            kind, document, cluster.Kinds.Pod, selector, releasing: null, cancellationToken);
        TimeSpan pause = ReplicaBackOff.Remaining(pods, set.Spec.Wanted, cluster.Now);
        pods.RemoveAll(pod => !pod.IsActivePod());
        pause = pods.Count < set.Spec.Wanted ? pause : TimeSpan.Zero;
        ApiException? failure = null;
        if (!document.Metadata.IsBeingDeleted && pause == TimeSpan.Zero)
        {
            failure = await ManageAsync(document, set, pods, cancellationToken);
            pods = [.. OwnedPods(document.Metadata.Uid).Where(pod => pod.IsActivePod() && selector.Matches(pod.Metadata.Labels))];
        }

        await WriteStatusAsync(document, set, pods, failure, cancellationToken);
        if (failure is not null)
        {
            throw failure;
        }

        ReconcileResult next = PodAvailability.Next(pods, set.Spec.MinReadySeconds, cluster.Now);
        return pause > TimeSpan.Zero ? next.Or(ReconcileResult.After(pause)) : next;
    }

    private static Adoption Prepared(ClusterContext cluster)
    {
        var adoption = new Adoption(cluster);
        adoption.Prepare(cluster.Kinds.Pod);
        return adoption;
    }

    private LabelSelector? SelectorOf(ObjectDocument document) =>
        view(document).Spec.Selector is { IsEmpty: false } selector ? selector.ToLabelSelector() : null;

    private IEnumerable<ObjectDocument> OwnedPods(string uid) => cluster.Informers.For(cluster.Kinds.Pod).OwnedBy(uid)
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
                IReadOnlyList<ObjectDocument> live = await LiveAsync(pods, cancellationToken);
                IReadOnlyList<ObjectDocument> surplus = DeletionOrder.First(
                    live, RelatedPods(document), Math.Clamp(live.Count - set.Spec.Wanted, 0, Burst), cluster.Now);
                await Task.WhenAll(surplus.Select(pod => _pods.DeleteAsync(document, pod, cancellationToken)));
            }
        }
        catch (ApiException exception)
        {
            return exception;
        }

        return null;
    }

    /// <summary>
    /// The pods as they are now. The caches of pods and of their owner are filled independently: by the cache alone, a pod that became
    /// ready just before its owner was scaled down might go as one that is not.
    /// </summary>
    private async Task<IReadOnlyList<ObjectDocument>> LiveAsync(List<ObjectDocument> pods, CancellationToken cancellationToken)
    {
        List<ObjectDocument> live = [];
        foreach (ObjectDocument pod in pods)
        {
            if (await cluster.Client.FindAsync(cluster.Kinds.Pod, pod.Key, cancellationToken) is { } found
                && found.Metadata.Uid == pod.Metadata.Uid && found.IsActivePod())
            {
                live.Add(found);
            }
        }

        return live;
    }

    private IEnumerable<ObjectDocument> RelatedPods(ObjectDocument document) =>
        document.Metadata.Controller is { } controller
            ? cluster.Informers.For(kind).OwnedBy(controller.Uid).SelectMany(set => OwnedPods(set.Metadata.Uid))
            : OwnedPods(document.Metadata.Uid);

    private async Task WriteStatusAsync(
        ObjectDocument document,
        ReplicaSet set,
        List<ObjectDocument> pods,
        ApiException? failure,
        CancellationToken cancellationToken)
    {
        DateTimeOffset now = cluster.Now;
        var labels = LabelSelector.FromLabels(document.ToJson().TextMap("spec", "template", "metadata", "labels"));
        int ready = pods.Count(pod => pod.AsPod().IsReady);
        int terminating = OwnedPods(document.Metadata.Uid).Count(pod => pod.Metadata.IsBeingDeleted && !pod.AsPod().IsTerminal);
        int available = pods.Count(pod => pod.AsPod().IsAvailable(set.Spec.MinReadySeconds, now));
        await cluster.Writer.UpdateStatusAsync(
            kind,
            document,
            status =>
            {
                status["replicas"] = pods.Count;
                SetCount(status, "fullyLabeledReplicas", pods.Count(pod => labels.Matches(pod.Metadata.Labels)));
                SetCount(status, "readyReplicas", ready);
                SetCount(status, "availableReplicas", available);
                if (kind.Kind == "ReplicaSet")
                {
                    status["terminatingReplicas"] = terminating;
                }

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
}
