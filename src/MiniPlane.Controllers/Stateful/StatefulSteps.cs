using System.Text.Json.Nodes;
using MiniPlane.Controllers.Replication;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Stateful;

/// <summary>
/// One round of work on a StatefulSet: make what is missing, take away what is too much, then replace pods of old revisions. An
/// ordered set does one thing at a time and waits for each pod to be ready (or gone) before the next.
/// </summary>
internal sealed class StatefulSteps(ClusterContext cluster, KindDefinition kind, string component)
{
    /// <summary>What is in a new pod's way but about to go, a former claim or pod, is looked at again after this.</summary>
    private static readonly TimeSpan InTheWay = TimeSpan.FromSeconds(1);

    private readonly StatefulClaims _claims = new(cluster, kind, component);
    private readonly ReplacementPace _pace = new(cluster.Time);

    public async Task<ReconcileResult> RunAsync(StatefulState state, CancellationToken cancellationToken)
    {
        bool isOrdered = state.View.Spec.IsOrdered;
        var result = new RoundResult();
        await EachAsync(
            state.Replicas.Length, isOrdered, place => KeepReplicaAsync(state, place, result, cancellationToken), result);
        if (!result.IsBlocked)
        {
            IReadOnlyList<StatefulPod> condemned = state.Condemned;
            StatefulPod? firstUnhealthy = state.FirstUnhealthy;
            await EachAsync(
                condemned.Count,
                isOrdered,
                i => CondemnAsync(state, condemned[i], firstUnhealthy, cancellationToken),
                result);
        }

        if (!result.IsBlocked && !state.View.Spec.UpdateStrategy.IsOnDelete)
        {
            await UpdateAsync(state, cancellationToken);
        }

        return result.Again;
    }

    /// <summary>In order until one says stop, or all in batches.</summary>
    private static async Task EachAsync(int count, bool isOrdered, Func<int, Task<bool>> step, RoundResult result)
    {
        if (!isOrdered)
        {
            await SlowStart.RunAsync(count, step);
            return;
        }

        for (int i = 0; i < count && !result.IsBlocked; i++)
        {
            result.IsBlocked = await step(i);
        }
    }

    /// <summary>Brings one wanted pod into being and into shape; true when an ordered set must wait for it.</summary>
    private async Task<bool> KeepReplicaAsync(
        StatefulState state, int place, RoundResult result, CancellationToken cancellationToken)
    {
        int ordinal = state.View.Spec.Start + place;
        if (state.Replicas[place] is not { } pod)
        {
            TimeSpan wait = await CreateAsync(state, ordinal, cancellationToken);
            if (wait > TimeSpan.Zero)
            {
                result.LookAgain(wait);
            }

            return true;
        }

        if (pod.IsEnded)
        {
            // Made anew under its name in a later round, when this one has gone.
            await ReplaceEndedAsync(state, pod, result, cancellationToken);
            return true;
        }

        if (pod.Document.AsPod().Status.Phase is "Pending" or null or "" && !pod.IsTerminating)
        {
            await _claims.EnsureAsync(state.Document, ordinal, cancellationToken);
        }

        if (state.View.Spec.IsOrdered
            && (pod.IsTerminating || !pod.IsRunningAndReady
                || !pod.IsRunningAndAvailable(state.View.Spec.MinReadySeconds, cluster.Now)))
        {
            return true;
        }

        await KeepIdentityAsync(pod, cancellationToken);
        await _claims.RetainAsync(state.Document, pod, isCondemned: false, cancellationToken);
        return false;
    }

    private async Task ReplaceEndedAsync(
        StatefulState state, StatefulPod pod, RoundResult result, CancellationToken cancellationToken)
    {
        if (pod.IsTerminating)
        {
            return;
        }

        TimeSpan wait = _pace.Next(pod.Document.Key.ToString());
        if (wait > TimeSpan.Zero)
        {
            result.LookAgain(wait);
            return;
        }

        (string reason, string how) = pod.Document.AsPod().IsFailed ? ("RecreatingFailedPod", "failed") : ("RecreatingTerminatedPod", "terminated");
        cluster.Events.Warning(
            kind, state.Document, reason, $"StatefulSet {state.Document.Key} is recreating {how} Pod {pod.Name}", component);
        await DeleteAsync(state, pod, cancellationToken);
    }

    private async Task<bool> CondemnAsync(
        StatefulState state, StatefulPod pod, StatefulPod? firstUnhealthy, CancellationToken cancellationToken)
    {
        await _claims.RetainAsync(state.Document, pod, isCondemned: true, cancellationToken);
        if (pod.IsTerminating)
        {
            return true;
        }

        bool isFit = pod.IsRunningAndReady && pod.IsRunningAndAvailable(state.View.Spec.MinReadySeconds, cluster.Now);
        if (state.View.Spec.IsOrdered && !isFit && pod != firstUnhealthy)
        {
            return true;
        }

        await DeleteAsync(state, pod, cancellationToken);
        return true;
    }

    /// <summary>Replaces pods of old revisions, the highest number first, while enough others are healthy.</summary>
    private async Task UpdateAsync(StatefulState state, CancellationToken cancellationToken)
    {
        StatefulSetRollingUpdate? rolling = state.View.Spec.UpdateStrategy.RollingUpdate;
        int allowed = Math.Max(1, rolling?.MaxUnavailable?.Of(state.Replicas.Length, roundUp: false) ?? 1);
        int missing = state.Replicas.Count(pod => pod is null || !IsAvailable(state, pod));
        for (int place = state.Replicas.Length - 1; place >= (rolling?.Partition ?? 0); place--)
        {
            StatefulPod? pod = state.Replicas[place];
            if (pod is { IsTerminating: false } && pod.Revision != state.Update.Name)
            {
                // A pod that is not healthy costs nothing more when it is replaced.
                bool isAvailable = IsAvailable(state, pod);
                if (isAvailable && missing >= allowed)
                {
                    return;
                }

                missing += isAvailable ? 1 : 0;
                await DeleteAsync(state, pod, cancellationToken);
                if (allowed == 1)
                {
                    return;
                }
            }
            else if (allowed == 1 && pod is not { IsHealthy: true })
            {
                return;
            }
        }
    }

    private bool IsAvailable(StatefulState state, StatefulPod pod) =>
        pod.IsHealthy && pod.IsRunningAndAvailable(state.View.Spec.MinReadySeconds, cluster.Now);

    /// <summary>Creates the pod after its claims; returns how long to wait when a former claim or pod stands in the way.</summary>
    private async Task<TimeSpan> CreateAsync(StatefulState state, int ordinal, CancellationToken cancellationToken)
    {
        if (await _claims.IsStaleAsync(state.Document, ordinal, cancellationToken))
        {
            return InTheWay;
        }

        string what = $"Pod {StatefulPod.NameOf(state.Document.Metadata.Name, ordinal)} in StatefulSet {state.Document.Metadata.Name}";
        try
        {
            await _claims.EnsureAsync(state.Document, ordinal, cancellationToken);
            JsonObject pod = StatefulPodFactory.Pod(kind, state.Document, state.RevisionFor(ordinal), ordinal);
            await cluster.Writer.CreateAsync(cluster.Kinds.Pod, pod, cancellationToken);
            cluster.Events.Normal(kind, state.Document, "SuccessfulCreate", $"create {what} successful", component);
        }
        catch (ApiException exception) when (exception.Reason == "AlreadyExists")
        {
            // A pod that this set cannot claim, as one of an earlier set that is ending; nobody tells when it has gone.
            return InTheWay;
        }
        catch (ApiException exception) when (exception.Code != 409 && exception.Causes.All(cause => cause.Reason != "NamespaceTerminating"))
        {
            cluster.Events.Warning(
                kind, state.Document, "FailedCreate", $"create {what} failed error: {exception.Message}", component);
            throw;
        }

        return TimeSpan.Zero;
    }

    private async Task DeleteAsync(StatefulState state, StatefulPod pod, CancellationToken cancellationToken)
    {
        string what = $"delete Pod {pod.Name} in StatefulSet {state.Document.Metadata.Name}";
        try
        {
            if (await cluster.Writer.DeleteAsync(cluster.Kinds.Pod, pod.Document, DeleteQuery.Default, cancellationToken))
            {
                cluster.Events.Normal(kind, state.Document, "SuccessfulDelete", $"{what} successful", component);
            }
        }
        catch (ApiException exception) when (exception.Code is not (404 or 409))
        {
            cluster.Events.Warning(
                kind, state.Document, "FailedDelete", $"{what} failed error: {exception.Message}", component);
            throw;
        }
    }

    /// <summary>Puts back the labels by which the pod is known, should somebody have changed them.</summary>
    private async Task KeepIdentityAsync(StatefulPod pod, CancellationToken cancellationToken)
    {
        var labels = new JsonObject();
        StatefulPodFactory.SetIdentity(labels, pod.Name, pod.Ordinal);
        if (labels.All(label => pod.Document.Metadata.Labels.GetValueOrDefault(label.Key) == label.Value.Text()))
        {
            return;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = pod.Document.Metadata.Uid, ["labels"] = labels },
        };
        await cluster.Writer.MergeAsync(cluster.Kinds.Pod, pod.Document.Key, patch, subresource: null, cancellationToken);
    }

    /// <summary>What a round found out; written by several pods' steps at once.</summary>
    private sealed class RoundResult
    {
        // Guards Again.
        private readonly Lock _gate = new();

        public bool IsBlocked { get; set; }

        public ReconcileResult Again { get; private set; }

        public void LookAgain(TimeSpan delay)
        {
            lock (_gate)
            {
                Again = Again.Or(ReconcileResult.After(delay));
            }
        }
    }
}
