using System.Text.Json.Nodes;
using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Commands;

[Collection(ClusterCollection.Name)]
public sealed class RolloutTests(Cluster cluster)
{
    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task A_deployment_is_created_scaled_restarted_and_taken_back(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);

        await kubectl.OkAsync("create", "deployment", "web", $"--image={cluster.Rig.Busybox}", "--", "sleep", "3600");
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=90s");
        await kubectl.OkAsync("scale", "deployment/web", "--replicas=2");
        await kubectl.FieldIsAsync("deployment", "web", ".status.readyReplicas", "2");
        await kubectl.OkAsync("rollout", "restart", "deployment/web");
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=120s");
        Assert.Equal(2, (await kubectl.GetAsync("replicasets"))["items"]!.AsArray().Count);
        await kubectl.OkAsync("set", "image", "deployment/web", $"*={cluster.Rig.Registry}/miniplane/busybox:2");
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=120s");
        string history = await kubectl.OkAsync("rollout", "history", "deployment/web");
        await kubectl.OkAsync("rollout", "undo", "deployment/web");
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=120s");

        Assert.Contains("\n3 ", history, StringComparison.Ordinal);
        Assert.Equal(cluster.Rig.Busybox, await kubectl.FieldAsync("deployment", "web", ".spec.template.spec.containers[0].image"));
        Assert.Equal("4", await kubectl.FieldAsync("deployment", "web", @".metadata.annotations.deployment\.kubernetes\.io/revision"));
    }

    [Fact]
    public async Task A_deleted_pod_is_replaced_and_a_deleted_deployment_takes_everything_along()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.OkAsync("create", "deployment", "web", $"--image={cluster.Rig.Busybox}", "--", "sleep", "3600");
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=90s");
        string first = await kubectl.OkAsync("get", "pods", "-o", "jsonpath={.items[0].metadata.name}");

        await kubectl.OkAsync("delete", "pod", first, "--timeout=60s");
        await kubectl.FieldIsAsync("deployment", "web", ".status.readyReplicas", "1");
        string second = await kubectl.OkAsync("get", "pods", "-o", "jsonpath={.items[0].metadata.uid}");
        await kubectl.OkAsync("delete", "deployment", "web", "--cascade=foreground", "--timeout=90s");

        JsonArray left = (await kubectl.GetAsync("deployments,replicasets,pods"))["items"]!.AsArray();
        Assert.Empty(left);
        string jobs = (await cluster.Rig.RunAsync("squeue", "-h", "-t", "RUNNING,PENDING", "-o", "%Z")).OrFail();
        Assert.DoesNotContain(second, jobs, StringComparison.Ordinal);
    }
}
