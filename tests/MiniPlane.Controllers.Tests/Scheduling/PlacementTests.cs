using System.Text.Json.Nodes;
using MiniPlane.Controllers.Scheduling;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Scheduling;

public sealed class PlacementTests
{
    private static readonly NodeFacts[] Nodes =
    [
        Node("debug", """{ "slurm.miniplane.io/default": "true" }"""),
        Node("gpu", """{ "tier": "fast" }""", """{ "cpu": "64", "memory": "512Gi", "nvidia.com/gpu": "8" }"""),
        Node("long", """{ "tier": "slow", "slurm.miniplane.io/max-cpus-per-node": "16", "slurm.miniplane.io/max-memory-per-node": "64Gi" }"""),
    ];

    [Theory]
    [InlineData("""{ "containers": [ {} ] }""", "debug")]
    [InlineData("""{ "nodeSelector": { "tier": "slow" } }""", "long")]
    [InlineData("""{ "containers": [ { "resources": { "limits": { "nvidia.com/gpu": "2" } } } ] }""", "gpu")]
    [InlineData("""{ "affinity": { "nodeAffinity": { "requiredDuringSchedulingIgnoredDuringExecution": { "nodeSelectorTerms": [ { "matchExpressions": [ { "key": "tier", "operator": "In", "values": [ "fast" ] } ] } ] } } } }""", "gpu")]
    [InlineData("""{ "affinity": { "nodeAffinity": { "preferredDuringSchedulingIgnoredDuringExecution": [ { "weight": 5, "preference": { "matchExpressions": [ { "key": "tier", "operator": "In", "values": [ "slow" ] } ] } } ] } } }""", "long")]
    [InlineData("""{ "affinity": { "nodeAffinity": { "requiredDuringSchedulingIgnoredDuringExecution": { "nodeSelectorTerms": [ { "matchFields": [ { "key": "metadata.name", "operator": "In", "values": [ "long" ] } ] } ] } } } }""", "long")]
    public void A_pod_goes_where_its_spec_fits_and_else_to_the_default_partition(string spec, string expected)
    {
        Assert.Equal(expected, Placement.Choose(Needs(spec), Nodes).Node);
    }

    [Theory]
    [InlineData("slurm.miniplane.io/partition", "long", "long")]
    [InlineData("slurm.miniplane.io/partition", "nowhere,gpu", "gpu")]
    [InlineData("slurm.hpk.io/flags", "--time=1:00 -p gpu", "gpu")]
    [InlineData("slurm-job.vk.io/flags", "--partition=long", "long")]
    [InlineData("slurm.miniplane.io/flags", "-plong", "long")]
    public void Annotations_choose_the_partition(string name, string value, string expected)
    {
        Assert.Equal(expected, Placement.Choose(Needs("{}", (name, value)), Nodes).Node);
    }

    [Fact]
    public void What_did_not_fit_is_told_for_every_node()
    {
        (string? node, string why) = Placement.Choose(
            Needs("""{ "nodeSelector": { "tier": "slow" }, "containers": [ { "resources": { "requests": { "cpu": "17" } } } ] }"""), Nodes);

        Assert.Null(node);
        Assert.Equal("0/3 nodes are available: 1 Insufficient cpu, 2 node(s) didn't match Pod's node affinity/selector.", why);
    }

    [Fact]
    public void A_resource_that_no_node_has_is_insufficient_everywhere()
    {
        (_, string why) = Placement.Choose(
            Needs("""{ "containers": [ { "resources": { "requests": { "amd.com/gpu": "1" } } } ] }"""), Nodes);

        Assert.Equal("0/3 nodes are available: 3 Insufficient amd.com/gpu.", why);
    }

    [Fact]
    public void The_largest_init_container_counts_with_the_sidecars_before_it()
    {
        PodNeeds needs = Needs("""
            { "initContainers": [ { "restartPolicy": "Always", "resources": { "requests": { "cpu": "1" } } },
                                  { "resources": { "requests": { "cpu": "3" } } } ],
              "containers": [ { "resources": { "requests": { "cpu": "500m" } } } ] }
            """);

        Assert.Equal(4000, needs.Requests["cpu"].MilliValue);
    }

    [Theory]
    [InlineData("""{}""", null)]
    [InlineData("""{ "tolerations": [ { "key": "dedicated", "value": "ml", "effect": "NoSchedule" } ] }""", "ml")]
    [InlineData("""{ "tolerations": [ { "operator": "Exists" } ] }""", "ml")]
    [InlineData("""{ "tolerations": [ { "key": "dedicated", "value": "other" } ] }""", null)]
    public void A_tainted_node_takes_only_pods_that_tolerate_it(string spec, string? expected)
    {
        NodeFacts tainted = Node("ml", "{}", spec: """{ "taints": [ { "key": "dedicated", "value": "ml", "effect": "NoSchedule" } ] }""");

        (string? node, string why) = Placement.Choose(Needs(spec), [tainted]);

        Assert.Equal(expected, node);
        Assert.Equal(expected is null ? "0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: ml}." : "", why);
    }

    [Fact]
    public void A_cordoned_node_takes_none()
    {
        (string? node, string why) = Placement.Choose(Needs("{}"), [Node("a", "{}", spec: """{ "unschedulable": true }""")]);

        Assert.Equal((null, "0/1 nodes are available: 1 node(s) were unschedulable."), (node, why));
    }

    internal static JsonObject NodeJson(string name, string labels, string allocatable = """{ "cpu": "64", "memory": "512Gi" }""", string spec = "{}") => Make.Json($$"""
        { "apiVersion": "v1", "kind": "Node", "metadata": { "name": "{{name}}", "labels": {{labels}} },
          "spec": {{spec}}, "status": { "allocatable": {{allocatable}} } }
        """);

    [Fact]
    public void A_node_that_is_only_written_down_takes_no_pods() => Assert.Equal(
        "0/1 nodes are available: 1 node(s) were not ready.",
        Placement.Choose(Needs("{}"), [Node("paper", "{}", """{ "memory": "1Gi" }""")]).Why);

    private static NodeFacts Node(string name, string labels, string allocatable = """{ "cpu": "64", "memory": "512Gi" }""", string spec = "{}") =>
        new(DraftDocument.From(NodeJson(name, labels, allocatable, spec)).Stamp(1));

    private static PodNeeds Needs(string spec, params (string Key, string Value)[] annotations)
    {
        JsonObject pod = Make.Object("v1", "Pod", "p").With("spec", spec);
        foreach ((string key, string value) in annotations)
        {
            pod.Ensure("metadata", "annotations")[key] = value;
        }

        return PodNeeds.From(DraftDocument.From(pod).Stamp(1));
    }
}
