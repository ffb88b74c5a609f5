using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;
using MiniPlane.Objects.Selectors;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Slurm;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Nodes;

/// <summary>
/// Keeps one Node per partition: made when the partition appears, refreshed each minute, not ready while the backend does not
/// answer, removed when the partition is gone. Heartbeats go to Leases, as a kubelet's do.
/// </summary>
internal sealed partial class NodeKeeper(
    IClusterClient cluster, ClusterKinds kinds, IWorkloadBackend backend, NodeRegistry registry, ICommandRunner runner, JobBoard board, WorkloadsOptions options, ILogger<NodeKeeper> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1);

    // A cluster that has never seen a partition shows why: a node that is not ready says so where people look.
    private static readonly Dictionary<string, PartitionInfo> Placeholder =
        new(StringComparer.Ordinal) { ["slurm"] = new PartitionInfo { Name = "slurm" } };

    private HostFacts? _host;
    private string _trouble = "";

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        _host ??= HostFacts.Read(await ReadApptainerVersionAsync(cancellationToken));
        await AdoptAsync(cancellationToken);
        DateTimeOffset refreshed = default;
        while (true)
        {
            DateTimeOffset now = Time.GetUtcNow();
            bool isNews = board.AskedAt is not null && board.Trouble.Length > 0;
            if (now - refreshed >= Refresh || _trouble.Length > 0 || isNews)
            {
                await RefreshAsync(_host, cancellationToken);
                refreshed = now;
            }

            foreach (string node in registry.ByNode.Keys.Where(_ => _trouble.Length == 0))
            {
                await RenewLeaseAsync(node, cancellationToken);
            }

            await Task.Delay(Heartbeat, Time, cancellationToken);
        }
    }

    /// <summary>One look at the partitions, and all nodes after it.</summary>
    internal async Task RefreshAsync(HostFacts host, CancellationToken cancellationToken)
    {
        switch (await backend.ListPartitionsAsync(cancellationToken))
        {
            case PartitionsOutcome.Listed listed:
                _trouble = "";
                IEnumerable<PartitionInfo> shown = listed.Partitions.Where(partition => options.Site.Shows(partition.Name));
                IReadOnlyDictionary<string, PartitionInfo> nodes = NodeNames.Assign(shown);
                await WriteAllAsync(nodes, host, cancellationToken);
                registry.Show(nodes);
                await RemoveOthersAsync(nodes, cancellationToken);
                break;
            case PartitionsOutcome.Unavailable unavailable:
                _trouble = unavailable.Message;
                await WriteAllAsync(registry.ByNode.Count > 0 ? registry.ByNode : Placeholder, host, cancellationToken);
                break;
        }
    }

    /// <summary>Nodes of an earlier process count until the backend has answered, so that its pods are known at once.</summary>
    internal async Task AdoptAsync(CancellationToken cancellationToken)
    {
        if (registry.ByNode.Count > 0)
        {
            return;
        }

        var known = new Dictionary<string, PartitionInfo>(StringComparer.Ordinal);
        foreach (ObjectDocument node in await ListOursAsync(cancellationToken))
        {
            string partition = node.Metadata.Annotations.GetValueOrDefault(WorkloadAnnotations.NodePartition) ?? node.Metadata.Name;
            known[node.Metadata.Name] = new PartitionInfo { Name = partition };
        }

        registry.Show(known);
    }

    private async Task WriteAllAsync(IReadOnlyDictionary<string, PartitionInfo> nodes, HostFacts host, CancellationToken cancellationToken)
    {
        var shape = new NodeShape(backend.Name, backend.Version, options.Site.PodsPerNode, options.Site.GpuNodeResource, Time.GetUtcNow());
        foreach ((string name, PartitionInfo partition) in nodes)
        {
            try
            {
                await WriteAsync(name, partition, host, shape, cancellationToken);
            }
            catch (ApiException exception) when (exception.Reason is "Conflict" or "NotFound" or "AlreadyExists")
            {
                LogRaced(logger, name, exception.Message);
            }
        }
    }

    private async Task WriteAsync(string name, PartitionInfo partition, HostFacts host, NodeShape shape, CancellationToken cancellationToken)
    {
        ObjectDocument? known = await cluster.FindAsync(kinds.Nodes, ObjectKey.Cluster(name), cancellationToken);
        JsonObject? before = known?.ToJson();
        bool isUnknown = _trouble.Length > 0 && partition.Nodes == 0;
        JsonArray taints = NodeDocuments.Taints(before, partition, _trouble);
        JsonObject labels = NodeDocuments.Labels(name, partition, host);
        JsonObject annotations = NodeDocuments.Annotations(partition);
        if (before is null)
        {
            LogNew(logger, name, partition.Name);
            ObjectDocument made = await cluster.CreateAsync(
                kinds.Nodes,
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Node",
                    ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels, ["annotations"] = annotations },
                    ["spec"] = taints.Count > 0 ? new JsonObject { ["taints"] = taints } : [],
                },
                cancellationToken);
            before = made.ToJson();
        }
        else if (!isUnknown)
        {
            await PatchAsync(name, before, labels, annotations, taints, cancellationToken);
        }

        JsonObject status = isUnknown
            ? Downgrade(before, name, partition, host, shape)
            : NodeDocuments.Status(before, name, partition, _trouble, host, shape);
        await cluster.PatchAsync(
            kinds.Nodes, ObjectKey.Cluster(name), PatchType.Merge, new JsonObject { ["status"] = status }, "status", cancellationToken);
    }

    /// <summary>A node of which only its name is known yet keeps the capacity that it was last seen with.</summary>
    private JsonObject Downgrade(JsonObject before, string name, PartitionInfo partition, HostFacts host, NodeShape shape)
    {
        JsonObject status = NodeDocuments.Status(before, name, partition, _trouble, host, shape);
        status.SetCopy("capacity", before.At("status", "capacity"));
        status.SetCopy("allocatable", before.At("status", "allocatable"));
        return status;
    }

    private async Task PatchAsync(
        string name, JsonObject before, JsonObject labels, JsonObject annotations, JsonArray taints, CancellationToken cancellationToken)
    {
        foreach (string stale in before.TextMap("metadata", "labels").Keys.Where(key =>
            key.StartsWith(WorkloadAnnotations.FeaturePrefix, StringComparison.Ordinal) && !labels.ContainsKey(key)))
        {
            labels[stale] = null;
        }

        bool isSame = labels.All(label => before.Text("metadata", "labels", label.Key) == label.Value?.GetValue<string>())
            && annotations.All(annotation => before.Text("metadata", "annotations", annotation.Key) == annotation.Value?.GetValue<string>())
            && (before.At("spec", "taints") ?? new JsonArray()).SameAs(taints);
        if (isSame)
        {
            return;
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = labels, ["annotations"] = annotations },
            ["spec"] = new JsonObject { ["taints"] = taints.Count > 0 ? taints : null },
        };
        await cluster.PatchAsync(kinds.Nodes, ObjectKey.Cluster(name), PatchType.Merge, patch, null, cancellationToken);
    }

    private async Task RemoveOthersAsync(IReadOnlyDictionary<string, PartitionInfo> nodes, CancellationToken cancellationToken)
    {
        foreach (ObjectDocument node in await ListOursAsync(cancellationToken))
        {
            if (!nodes.ContainsKey(node.Metadata.Name))
            {
                LogGone(logger, node.Metadata.Name);
                await cluster.DeleteAsync(kinds.Nodes, node.Key, DeleteQuery.Default, cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<ObjectDocument>> ListOursAsync(CancellationToken cancellationToken)
    {
        var ours = new LabelSelector([new LabelRequirement(WorkloadAnnotations.NodePartition, SelectorOperator.Exists, [])]);
        return (await cluster.ListAsync(kinds.Nodes, new ListQuery { Labels = ours }, cancellationToken)).Items;
    }

    private async Task RenewLeaseAsync(string node, CancellationToken cancellationToken)
    {
        string now = KubeTime.FormatMicro(Time.GetUtcNow());
        var key = new ObjectKey("kube-node-lease", node);
        try
        {
            if (await cluster.FindAsync(kinds.Leases, key, cancellationToken) is not null)
            {
                var patch = new JsonObject { ["spec"] = new JsonObject { ["renewTime"] = now } };
                await cluster.PatchAsync(kinds.Leases, key, PatchType.Merge, patch, null, cancellationToken);
                return;
            }

            await cluster.CreateAsync(kinds.Leases, await ToLeaseAsync(node, now, cancellationToken), cancellationToken);
        }
        catch (ApiException exception) when (exception.Reason is "NotFound" or "Conflict" or "AlreadyExists" or "Forbidden")
        {
            // Early at start-up the namespace is not there yet; the next heartbeat comes soon.
            LogRaced(logger, node, exception.Message);
        }
    }

    private async Task<JsonObject> ToLeaseAsync(string node, string now, CancellationToken cancellationToken)
    {
        ObjectDocument? owner = await cluster.FindAsync(kinds.Nodes, ObjectKey.Cluster(node), cancellationToken);
        var metadata = new JsonObject { ["name"] = node, ["namespace"] = "kube-node-lease" };
        if (owner is not null)
        {
            metadata["ownerReferences"] = new JsonArray(
                new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = node, ["uid"] = owner.Metadata.Uid });
        }

        return new JsonObject
        {
            ["apiVersion"] = "coordination.k8s.io/v1",
            ["kind"] = "Lease",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["holderIdentity"] = node, ["leaseDurationSeconds"] = 40, ["renewTime"] = now },
        };
    }

    private async Task<string> ReadApptainerVersionAsync(CancellationToken cancellationToken)
    {
        string program = options.Site.Apptainer.Length > 0 ? options.Site.Apptainer : "apptainer";
        CommandResult result = await runner.RunAsync(
            new CommandRequest(program, ["--version"]) { TimeLimit = TimeSpan.FromSeconds(10) }, cancellationToken);
        return result.Succeeded ? result.Output.Trim().Split(' ')[^1] : "";
    }

    [LoggerMessage(5020, LogLevel.Information, "Node {Node} stands for partition {Partition}")]
    private static partial void LogNew(ILogger logger, string node, string partition);

    [LoggerMessage(5021, LogLevel.Information, "Node {Node} is removed: its partition is gone")]
    private static partial void LogGone(ILogger logger, string node);

    [LoggerMessage(5022, LogLevel.Debug, "Node {Node} was not written: {Message}")]
    private static partial void LogRaced(ILogger logger, string node, string message);
}
