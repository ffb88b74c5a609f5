using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;
using MiniPlane.Testing.Cluster;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Dispatch;
using MiniPlane.Workloads.Nodes;
using MiniPlane.Workloads.Tests.Dispatch;
using MiniPlane.Workloads.Tests.Slurm;

namespace MiniPlane.Workloads.Tests.Nodes;

public sealed class NodeKeeperTests : IDisposable
{
    private static readonly HostFacts Host = new() { Address = "10.0.0.1", Architecture = "amd64" };

    private readonly FakeBackend _backend = new();
    private readonly ManualTime _time = new();
    private readonly FakeCluster _cluster;
    private readonly NodeRegistry _registry = new();
    private readonly NodeKeeper _keeper;

    public NodeKeeperTests()
    {
        _cluster = Rig.MakeCluster(_time);
        _keeper = MakeKeeper(_registry);
    }

    [Fact]
    public async Task A_partition_becomes_a_node_that_is_ready()
    {
        await _keeper.RefreshAsync(Host, default);

        JsonObject node = Node("batch");
        Assert.Equal("True", Ready(node).Text("status"));
        Assert.Equal(("16", "1000Mi"), (node.Text("status", "capacity", "cpu"), node.Text("status", "allocatable", "memory")));
        Assert.Equal("true", node.Text("metadata", "labels", "slurm.miniplane.io/default"));
        Assert.StartsWith("v1.36", node.Text("status", "nodeInfo", "kubeletVersion"), StringComparison.Ordinal);
        Assert.NotNull(_registry.Find("batch"));
    }

    [Fact]
    public async Task While_Slurm_is_away_the_node_stays_and_is_not_ready()
    {
        await _keeper.RefreshAsync(Host, default);
        _backend.Trouble = "Unable to contact slurm controller";

        await _keeper.RefreshAsync(Host, default);

        JsonObject node = Node("batch");
        Assert.Equal(("Unknown", "BackendUnavailable"), (Ready(node).Text("status"), Ready(node).Text("reason")));
        Assert.Contains("Unable to contact", Ready(node).Text("message"), StringComparison.Ordinal);
        Assert.Equal("16", node.Text("status", "capacity", "cpu"));
        Assert.All(node.Objects("spec", "taints"), taint => Assert.Equal("NoSchedule", taint.Text("effect")));
    }

    [Fact]
    public async Task Without_any_partition_known_one_node_says_why_until_there_are_some()
    {
        _backend.Trouble = "Slurm's commands are not in this container";

        await _keeper.RefreshAsync(Host, default);

        Assert.Contains("not in this container", Ready(Node("slurm")).Text("message"), StringComparison.Ordinal);
        _backend.Trouble = "";
        await _keeper.RefreshAsync(Host, default);
        Assert.Null(_cluster.Find("Node", "", "slurm"));
    }

    [Fact]
    public async Task After_a_restart_without_Slurm_the_nodes_are_known_with_their_capacity()
    {
        await _keeper.RefreshAsync(Host, default);
        _backend.Trouble = "down";
        using var registry = new NodeRegistry();
        using NodeKeeper restarted = MakeKeeper(registry);

        await restarted.AdoptAsync(default);
        await restarted.RefreshAsync(Host, default);

        Assert.Equal("batch", registry.Find("batch")!.Name);
        Assert.Equal("16", Node("batch").Text("status", "capacity", "cpu"));
        Assert.Equal("Unknown", Ready(Node("batch")).Text("status"));
    }

    [Fact]
    public async Task The_node_of_a_partition_that_is_gone_is_removed()
    {
        await _cluster.CreateAsync(
            _cluster.Kind("Node"),
            Yaml.Load("{apiVersion: v1, kind: Node, metadata: {name: old, labels: {slurm.miniplane.io/partition: old}}}"),
            default);
        await _cluster.CreateAsync(_cluster.Kind("Node"), Yaml.Load("{apiVersion: v1, kind: Node, metadata: {name: foreign}}"), default);

        await _keeper.RefreshAsync(Host, default);

        Assert.Equal(["batch", "foreign"], _cluster.All("Node").Select(node => node.Metadata.Name));
    }

    [Fact]
    public void Taints_of_others_stay_and_ours_follow_the_partition()
    {
        JsonObject node = Yaml.Load("{spec: {taints: [{key: mine, effect: NoExecute}, {key: slurm.miniplane.io/partition-down, value: down, effect: NoSchedule}]}}");
        var partition = new PartitionInfo { Name = "p", Availability = "up", Nodes = 1, UsableNodes = 1 };

        JsonArray up = NodeDocuments.Taints(node, partition, "");
        JsonArray drained = NodeDocuments.Taints(node, partition with { Availability = "drain" }, "");
        JsonArray unusable = NodeDocuments.Taints(node, partition with { UsableNodes = 0 }, "");
        JsonArray unknown = NodeDocuments.Taints(node, partition, "Slurm is away");

        Assert.Equal(["mine"], up.Select(taint => taint.Text("key")));
        Assert.Equal(["", "drain"], drained.Select(taint => taint.TextOrEmpty("value")));
        Assert.Equal(["mine", "node.kubernetes.io/not-ready"], unusable.Select(taint => taint.Text("key")));
        Assert.Equal(["mine", "node.kubernetes.io/unreachable"], unknown.Select(taint => taint.Text("key")));
    }

    [Fact]
    public void Names_of_partitions_become_names_of_nodes()
    {
        PartitionInfo[] partitions = [Named("GPU_long"), Named("gpu-long"), Named("a.b"), Named("__")];

        var names = NodeNames.Assign(partitions).ToDictionary(pair => pair.Value.Name, pair => pair.Key, StringComparer.Ordinal);

        Assert.Equal(("gpu-long", "gpu-long-2", "a-b", "partition"), (names["GPU_long"], names["gpu-long"], names["a.b"], names["__"]));
    }

    public void Dispose()
    {
        _keeper.Dispose();
        _registry.Dispose();
    }

    private NodeKeeper MakeKeeper(NodeRegistry registry) => new(
        _cluster,
        new ClusterKinds(_cluster),
        _backend,
        registry,
        new ScriptedRunner().Answer("apptainer", "apptainer version 1.4.5\n"),
        new JobBoard(_time),
        new WorkloadsOptions { DataDirectory = "/nowhere", ClusterId = "c1" },
        NullLogger<NodeKeeper>.Instance,
        _time);

    private static PartitionInfo Named(string name) => new() { Name = name };

    private JsonObject Node(string name) => _cluster.Find("Node", "", name)!.ToJson();

    private static JsonObject Ready(JsonObject node) => node.Objects("status", "conditions").Single(condition => condition.Text("type") == "Ready");
}
