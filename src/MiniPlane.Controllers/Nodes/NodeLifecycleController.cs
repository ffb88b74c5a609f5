using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Nodes;

/// <summary>
/// Taints cordoned nodes, and tells when a node comes, stops being ready, or is ready again (upstream's node-controller). It evicts
/// nobody for that: a node stands for a Slurm partition, and whether a job goes on is Slurm's to say; the dispatcher follows the job itself,
/// and takes a pod's readiness when its own agent falls silent.
/// </summary>
internal sealed class NodeLifecycleController(ClusterContext cluster) : IController
{
    private const string Component = "node-controller";

    /// <summary>What a node says of itself, its kubelet tells.</summary>
    private const string Kubelet = "kubelet";

    private const string CordonTaint = "node.kubernetes.io/unschedulable";

    private static readonly TimeSpan StartupGrace = TimeSpan.FromSeconds(60);

    private static readonly string[] Conditions = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

    private readonly PodsOnNode _pods = new(cluster);

    // Each node as it was last told of.
    private readonly ConcurrentDictionary<ObjectKey, ObjectDocument> _told = new();

    private KindDefinition Kind => cluster.Kinds.Node;

    public string Name => "node-lifecycle-controller";

    public IReadOnlyList<ControllerWatch> Watches => [new(Kind, static change => IsNews(change) ? [change.Current.Key] : [])];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (cluster.Informers.For(Kind).Find(key) is not { } node)
        {
            TellEnd(key);
            return ReconcileResult.Done;
        }

        Tell(node);
        bool isCordoned = node.AsNode().Spec.Unschedulable;
        bool isTainted = node.AsNode().Spec.Taints.Any(IsCordonTaint);
        if (isCordoned != isTainted)
        {
            await TaintAsync(node, isCordoned, cancellationToken);
        }

        return ReadyOf(node) is null ? await AwaitFirstWordAsync(node, cancellationToken) : ReconcileResult.Done;
    }

    // A node that someone only wrote down; upstream gives the kubelet --node-startup-grace-period to speak up.
    private async Task<ReconcileResult> AwaitFirstWordAsync(ObjectDocument node, CancellationToken cancellationToken)
    {
        TimeSpan left = node.Metadata.CreationTimestamp + StartupGrace - cluster.Now;
        if (left > TimeSpan.Zero)
        {
            return ReconcileResult.After(left);
        }

        await cluster.Writer.UpdateStatusAsync(
            Kind,
            node,
            status =>
            {
                foreach (string type in Conditions.Where(type => StatusConditions.Find(status, type) is null))
                {
                    StatusConditions.Set(status, type, "Unknown", "NodeStatusNeverUpdated", "Kubelet never posted node status.", cluster.Now)
                        ["lastHeartbeatTime"] = ApiTime.Format(node.Metadata.CreationTimestamp);
                }
            },
            cancellationToken);
        return ReconcileResult.Done;
    }

    private static bool IsNews(ObjectChange change) =>
        change.Before is not { } before || change.After is not { } after
        || before.AsNode().Spec.Unschedulable != after.AsNode().Spec.Unschedulable
        || !before.AsNode().Spec.Taints.SequenceEqual(after.AsNode().Spec.Taints)
        || ReadyOf(before) != ReadyOf(after);

    private static bool IsCordonTaint(Taint taint) => taint is { Key: CordonTaint, Effect: "NoSchedule" };

    private static string? ReadyOf(ObjectDocument node) =>
        node.AsNode().Status.Conditions.FirstOrDefault(condition => condition.Type == "Ready")?.Status;

    private void Tell(ObjectDocument node)
    {
        if (ReadyOf(node) is not { } ready)
        {
            return;
        }

        string name = node.Metadata.Name;
        if (_told.TryGetValue(node.Key, out ObjectDocument? before) && before.Metadata.Uid != node.Metadata.Uid)
        {
            TellEnd(node.Key);
            before = null;
        }

        _told[node.Key] = node;
        if (before is null)
        {
            cluster.Events.Normal(Kind, node, "RegisteredNode", $"Node {name} event: Registered Node {name} in Controller", Component);
            return;
        }

        if (before.AsNode().Spec.Unschedulable != node.AsNode().Spec.Unschedulable)
        {
            TellStatus(node, node.AsNode().Spec.Unschedulable ? "NodeNotSchedulable" : "NodeSchedulable", Kubelet);
        }

        if (ReadyOf(before) != ready)
        {
            TellStatus(node, ready == "True" ? "NodeReady" : "NodeNotReady", ready == "True" ? Kubelet : Component);
            if (ready != "True")
            {
                WarnPods(name);
            }
        }
    }

    private void TellEnd(ObjectKey key)
    {
        if (_told.TryRemove(key, out ObjectDocument? node))
        {
            cluster.Events.Normal(Kind, node, "RemovingNode", $"Node {key.Name} event: Removing Node {key.Name} from Controller", Component);
        }
    }

    private void TellStatus(ObjectDocument node, string now, string component) =>
        cluster.Events.Normal(Kind, node, now, $"Node {node.Metadata.Name} status is now: {now}", component);

    private void WarnPods(string node)
    {
        foreach (ObjectDocument pod in _pods.Of(node).Where(pod => pod.IsActivePod()))
        {
            cluster.Events.Warning(cluster.Kinds.Pod, pod, "NodeNotReady", "Node is not ready", Component);
        }
    }

    private async Task TaintAsync(ObjectDocument node, bool isCordoned, CancellationToken cancellationToken)
    {
        JsonArray taints =
        [
            .. node.ToJson().Objects("spec", "taints")
                .Where(taint => taint.Text("key") != CordonTaint)
                .Select(taint => taint.DeepClone()),
        ];
        if (isCordoned)
        {
            taints.Add((JsonNode)new JsonObject
            {
                ["key"] = CordonTaint,
                ["effect"] = "NoSchedule",
                ["timeAdded"] = ApiTime.Format(cluster.Now),
            });
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = node.ResourceVersion },
            ["spec"] = new JsonObject { ["taints"] = taints.Count > 0 ? taints : null },
        };
        await cluster.Writer.MergeAsync(Kind, node.Key, patch, subresource: null, cancellationToken);
    }
}
