using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Rollouts;

/// <summary>Rolls a Deployment's pods from one template to the next through ReplicaSets, and reports how that goes.</summary>
internal sealed class DeploymentController : IController
{
    private readonly ClusterContext _cluster;
    private readonly KindDefinition _kind;
    private readonly Adoption _adoption;
    private readonly CurrentReplicaSet _current;
    private readonly ReplicaSetScaler _scaler;
    private readonly RolloutSteps _steps;

    public DeploymentController(ClusterContext cluster)
    {
        _cluster = cluster;
        _kind = cluster.Kinds.Deployment;
        _adoption = new Adoption(cluster);
        _adoption.Prepare(cluster.Kinds.ReplicaSet);
        _current = new CurrentReplicaSet(cluster, Name);
        _scaler = new ReplicaSetScaler(cluster, Name);
        _steps = new RolloutSteps(cluster, _current, _scaler);
    }

    public string Name => "deployment-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(_kind),
        ControllerWatch.OwnedBy(_cluster.Kinds.ReplicaSet, _kind),
        new(_cluster.Kinds.ReplicaSet, change => change.After is { } set ? _adoption.Adopters(_kind, set, SelectorOf) : []),
        new(_cluster.Kinds.Pod, OwnersOfEndedPod),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_cluster.Informers.For(_kind).Find(key) is not { } document)
        {
            return ReconcileResult.Done;
        }

        Selector selector = document.AsDeployment().Spec.Selector;
        if (selector.IsEmpty)
        {
            _cluster.Events.Warning(
                _kind, document, "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.", Name);
            return ReconcileResult.Done;
        }

        var rollout = new Rollout(
            document,
            await _adoption.ClaimAsync(
                _kind, document, _cluster.Kinds.ReplicaSet, selector.ToLabelSelector(), releasing: null, cancellationToken));
        bool rolls = false;
        try
        {
            rolls = await StepAsync(rollout, cancellationToken);
        }
        finally
        {
            // Also after a failure, for the status tells what failed.
            await WriteStatusAsync(rollout, rolls, cancellationToken);
        }

        return RolloutStatus.UntilDeadline(rollout.Status, rollout.Document, _cluster.Now) is { } delay && rolls
            ? ReconcileResult.After(delay)
            : ReconcileResult.Done;
    }

    private static LabelSelector? SelectorOf(ObjectDocument document) =>
        document.AsDeployment().Spec.Selector is { IsEmpty: false } selector ? selector.ToLabelSelector() : null;

    /// <summary>A Recreate rollout waits for old pods to end, which changes no ReplicaSet that is at 0 already.</summary>
    private IEnumerable<ObjectKey> OwnersOfEndedPod(ObjectChange change)
    {
        if ((change.After is null || change.After.IsEndedPod())
            && change.Current.Metadata.Controller is { Kind: "ReplicaSet" } owner
            && _cluster.Informers.For(_cluster.Kinds.ReplicaSet)
                .Find(new ObjectKey(change.Current.Metadata.Namespace, owner.Name)) is { Metadata.Controller: { Kind: "Deployment" } parent })
        {
            yield return new ObjectKey(change.Current.Metadata.Namespace, parent.Name);
        }
    }

    /// <summary>Does one step. True when the Deployment is rolling, so that progress and its deadline count.</summary>
    private async Task<bool> StepAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        if (rollout.Document.Metadata.IsBeingDeleted)
        {
            return false;
        }

        NotePause(rollout);
        Deployment deployment = rollout.View;
        int wanted = deployment.Spec.Wanted;
        bool isScaled = rollout.Active.Any(set => set.DesiredAnnotation is { } desired && desired != wanted);
        if (deployment.Spec.Paused || isScaled)
        {
            await _current.EnsureAsync(rollout, mayCreate: false, cancellationToken);
            await _scaler.FitAsync(rollout, cancellationToken);
            if (deployment.Spec.Paused)
            {
                await _current.CleanUpAsync(rollout, cancellationToken);
            }

            return false;
        }

        if (deployment.Spec.Strategy.IsRecreate)
        {
            await _steps.RecreateAsync(rollout, cancellationToken);
        }
        else
        {
            await _steps.RollAsync(rollout, cancellationToken);
        }

        if (RolloutStatus.IsComplete(rollout.Document.ToJson()["status"], rollout.Document))
        {
            await _current.CleanUpAsync(rollout, cancellationToken);
        }

        return true;
    }

    private void NotePause(Rollout rollout)
    {
        JsonObject? condition = StatusConditions.Find(rollout.Status, RolloutStatus.Progressing);
        string reason = condition.TextOrEmpty("reason");
        bool isPaused = rollout.View.Spec.Paused;
        if (!RolloutStatus.HasDeadline(rollout.View) || reason == RolloutStatus.TimedOut)
        {
            return;
        }

        if (isPaused && reason != RolloutStatus.Paused)
        {
            RolloutStatus.Set(
                rollout.Status, RolloutStatus.Progressing, "Unknown", RolloutStatus.Paused, "Deployment is paused", _cluster.Now);
        }
        else if (!isPaused && reason == RolloutStatus.Paused)
        {
            RolloutStatus.Set(
                rollout.Status, RolloutStatus.Progressing, "Unknown", RolloutStatus.Resumed, "Deployment is resumed", _cluster.Now);
        }
    }

    private async Task WriteStatusAsync(Rollout rollout, bool rolls, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _cluster.Now;
        RolloutStatus.Count(rollout.Status, rollout.Document, rollout.All, rollout.Current, now);
        if (rolls)
        {
            RolloutStatus.Progress(rollout.Status, rollout.Document, rollout.Current, now);
            RolloutStatus.Failures(rollout.Status, rollout.All, rollout.Current, now);
        }

        JsonObject body = rollout.Document.ToJson();
        if (!body["status"].SameAs(rollout.Status))
        {
            body["status"] = rollout.Status.DeepClone();
            rollout.Document = await _cluster.Writer.UpdateAsync(_kind, body, "status", cancellationToken);
        }
    }
}
