using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Controllers.Volumes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Scheduling;

/// <summary>
/// Binds each pending pod of the default scheduler to the node whose Slurm partition fits. It does no resource arithmetic between
/// pods: Slurm schedules. A pod that fits nowhere says so in its PodScheduled condition, and is tried again when nodes change.
/// </summary>
internal sealed class PassThroughScheduler : IController
{
    private const string Unscheduled = "unscheduled";
    private const string SchedulerName = "default-scheduler";

    private readonly ClusterContext _cluster;
    private readonly KindDefinition _kind;
    private readonly PodVolumes _volumes;

    public PassThroughScheduler(ClusterContext cluster)
    {
        _cluster = cluster;
        _kind = cluster.Kinds.Pod;
        _volumes = new PodVolumes(cluster);
        cluster.Informers.For(_kind).AddIndex(Unscheduled, static pod => IsWaiting(pod) ? [Unscheduled] : []);
    }

    public string Name => SchedulerName;

    public int Parallelism => 16;

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        new(_kind, change => change.After is { } pod && IsWaiting(pod) ? [pod.Key] : SharersOf(change)),
        new(_cluster.Kinds.PersistentVolumeClaim, change => WaitingUsers(change.Current.Key)),
        new(_cluster.Kinds.PersistentVolume, change => change.Before is null ? AllWaiting() : []),
        new(_cluster.Kinds.StorageClass, _ => AllWaiting()),
        new(_cluster.Kinds.Node, change => NodeFacts.Differ(change.Before, change.After) ? AllWaiting() : []),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        // Read live, for a binding may be newer than the cache.
        if (await _cluster.Client.FindAsync(_kind, key, cancellationToken) is not { } pod || !IsWaiting(pod))
        {
            return ReconcileResult.Done;
        }

        if (pod.AsPod().Spec.SchedulingGates.Count > 0)
        {
            await ExplainAsync(
                pod, "SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates", cancellationToken);
            return ReconcileResult.Done;
        }

        NodeFacts[] nodes = [.. _cluster.Informers.For(_cluster.Kinds.Node).All().Select(node => new NodeFacts(node))];
        VolumeNeeds volumes = _volumes.Of(pod);
        (string? chosen, string why) = Placement.Choose(PodNeeds.From(pod) with { Volumes = volumes }, nodes);
        if (chosen is not null)
        {
            // With claims that waited for the node, the pod is bound once they are; their change brings it back here.
            if (await _volumes.ChooseAsync(volumes, chosen, cancellationToken))
            {
                await BindAsync(pod, chosen, cancellationToken);
            }
        }
        else if (await ExplainAsync(pod, "Unschedulable", why, cancellationToken))
        {
            _cluster.Events.Warning(_kind, pod, "FailedScheduling", why, Name);
        }

        return ReconcileResult.Done;
    }

    private static bool IsWaiting(ObjectDocument pod) =>
        !pod.Metadata.IsBeingDeleted
        && pod.NodeOfPod().Length == 0
        && pod.Text("spec"u8, "schedulerName"u8) is null or "" or SchedulerName
        && !pod.IsEndedPod();

    private IEnumerable<ObjectKey> AllWaiting() =>
        _cluster.Informers.For(_kind).ByIndex(Unscheduled, Unscheduled).Select(pod => pod.Key);

    /// <summary>When a pod ends, another one may have waited for its claim (ReadWriteOncePod).</summary>
    private IEnumerable<ObjectKey> SharersOf(ObjectChange change) =>
        change.After is null || change.After.IsEndedPod() ? PodClaims.Keys(change.Current).SelectMany(WaitingUsers) : [];

    private IEnumerable<ObjectKey> WaitingUsers(ObjectKey claim) =>
        _volumes.Users(claim).Where(IsWaiting).Select(pod => pod.Key);

    private async Task BindAsync(ObjectDocument pod, string node, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Binding",
            ["metadata"] = new JsonObject
            {
                ["name"] = pod.Metadata.Name,
                ["namespace"] = pod.Metadata.Namespace,
                ["uid"] = pod.Metadata.Uid,
            },
            ["target"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node },
        };
        await _cluster.Client.CreateSubresourceAsync(_kind, pod.Key, "binding", body, cancellationToken);
        _cluster.Events.Normal(_kind, pod, "Scheduled", $"Successfully assigned {pod.Key} to {node}", Name);
    }

    /// <summary>Sets PodScheduled to False; true when that was news.</summary>
    private async Task<bool> ExplainAsync(
        ObjectDocument pod, string reason, string message, CancellationToken cancellationToken)
    {
        ObjectDocument written = await _cluster.Writer.UpdateStatusAsync(
            _kind,
            pod,
            status =>
            {
                status.Default("phase", "Pending");
                StatusConditions.Set(status, "PodScheduled", value: false, reason, message, _cluster.Now);
            },
            cancellationToken);
        return written.Revision != pod.Revision;
    }
}
