using System.Text.Json.Nodes;
using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Commands;

[Collection(ClusterCollection.Name)]
public sealed class NodeTests(Cluster cluster)
{
    [Fact]
    public async Task Every_partition_is_a_ready_node_with_the_capacity_of_its_hosts()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        JsonArray nodes = (await kubectl.GetAsync("nodes"))["items"]!.AsArray();

        JsonNode gpu = Assert.Single(nodes, node => Name(node).Contains("gpu", StringComparison.Ordinal))!;
        JsonNode batch = Assert.Single(nodes, node => Name(node).Contains("batch", StringComparison.Ordinal))!;
        Assert.Equal(3, nodes.Count);
        Assert.Equal("2", (string?)gpu["status"]!["capacity"]!["nvidia.com/gpu"]);
        Assert.Equal("8", (string?)gpu["status"]!["capacity"]!["cpu"]);
        Assert.Equal("32", (string?)batch["status"]!["capacity"]!["cpu"]);
        await kubectl.OkAsync("wait", "--for=condition=Ready", "nodes", "--all", "--timeout=30s");
    }

    [Fact]
    public async Task A_node_selector_chooses_the_partition()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string node = (await kubectl.OkAsync("get", "nodes", "-o", "name")).Split('\n')
            .Single(name => name.Contains("gpu", StringComparison.Ordinal)).Replace("node/", "", StringComparison.Ordinal);

        await kubectl.ApplyAsync($$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: chosen}
            spec:
              restartPolicy: Never
              nodeSelector: {kubernetes.io/hostname: {{node}}}
              containers:
              - {name: main, image: {{cluster.Rig.Busybox}}, command: [sh, -c, 'echo $SLURM_JOB_PARTITION; hostname']}
            """);

        await kubectl.FieldIsAsync("pod", "chosen", ".status.phase", "Succeeded");
        Assert.Equal(node, await kubectl.FieldAsync("pod", "chosen", ".spec.nodeName"));
    }

    private static string Name(JsonNode? node) => (string?)node!["metadata"]!["name"] ?? "";
}
