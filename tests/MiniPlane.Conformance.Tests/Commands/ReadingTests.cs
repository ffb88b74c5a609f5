using System.Text.RegularExpressions;
using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>Commands that only look, with both kubectl releases.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ReadingTests(Cluster cluster)
{
    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task Get_prints_the_columns_and_documents_of_a_real_cluster(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);
        await kubectl.OkAsync("run", "one", $"--image={cluster.Rig.Busybox}", "--labels=tier=front", "--", "sleep", "3600");
        await kubectl.FieldIsAsync("pod", "one", ".status.phase", "Running");

        string table = await kubectl.OkAsync("get", "pods");
        string wide = await kubectl.OkAsync("get", "pods", "-o", "wide", "-l", "tier=front");
        string yaml = await kubectl.OkAsync("get", "pod", "one", "-o", "yaml");
        string selected = await kubectl.OkAsync("get", "pods", "--field-selector=status.phase=Running", "-o", "name");
        string custom = await kubectl.OkAsync("get", "pods", "-o", "custom-columns=N:.metadata.name,I:.spec.containers[0].image");

        Assert.Matches(@"^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\none\s+1/1\s+Running\s+0\s+\d+s\n$", table);
        Assert.Matches(@"^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE\s+IP\s+NODE\s+NOMINATED NODE\s+READINESS GATES\n", wide);
        Assert.Matches(@"one\s+1/1\s+Running\s+0\s+\S+\s+[\d.]+\s+\S+\s+<none>\s+<none>", wide);
        Assert.StartsWith("apiVersion: v1\nkind: Pod\n", yaml, StringComparison.Ordinal);
        Assert.Equal("pod/one\n", selected);
        Assert.Matches($@"^N\s+I\none\s+{Regex.Escape(cluster.Rig.Busybox)}\n$", custom);
        Assert.Contains("No resources found", (await kubectl.RunAsync("get", "pods", "-l", "tier=back")).Error, StringComparison.Ordinal);
        Assert.Contains("NotFound", (await kubectl.RunAsync("get", "pod", "two")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task Describe_tells_state_and_events(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);
        await kubectl.OkAsync("run", "one", $"--image={cluster.Rig.Busybox}", "--", "sleep", "3600");
        await kubectl.FieldIsAsync("pod", "one", ".status.phase", "Running");

        // Events travel apart from the status and may come a moment later.
        await kubectl.ShowsAsync("Started", "describe", "pod", "one");
        string pod = await kubectl.OkAsync("describe", "pod", "one");
        string events = await kubectl.OkAsync("events", "--for", "pod/one");

        Assert.Matches(@"Status:\s+Running", pod);
        Assert.Matches(@"Node:\s+\S+/", pod);
        Assert.Contains("Scheduled", pod, StringComparison.Ordinal);
        Assert.Contains("Pod/one", events, StringComparison.Ordinal);
        Assert.Contains("Ready", await kubectl.OkAsync("describe", "nodes"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task The_server_explains_itself(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);

        string containers = await kubectl.OkAsync("explain", "pod.spec.containers");
        string resources = await kubectl.OkAsync("api-resources");
        string versions = await kubectl.OkAsync("api-versions");
        string version = await kubectl.OkAsync("version");

        Assert.Matches(@"KIND:\s+Pod", containers);
        Assert.Matches(@"FIELD:\s+containers <\[\]Container>", containers);
        Assert.Matches(@"name\s+<string> -required-", containers);
        Assert.Matches(@"deployments\s+deploy\s+apps/v1\s+true\s+Deployment", resources);
        Assert.Matches(@"nodes\s+no\s+v1\s+false\s+Node", resources);
        Assert.Contains("batch/v1\n", versions, StringComparison.Ordinal);
        Assert.Matches(@"Server Version: v1\.36", version);
    }

    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task The_admin_may_and_a_service_account_may_not(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);

        string admin = await kubectl.OkAsync("auth", "can-i", "delete", "nodes");
        CommandResult other = await kubectl.RunAsync(
            "auth", "can-i", "create", "deployments", $"--as=system:serviceaccount:{kubectl.Namespace}:default");
        string whoami = await kubectl.OkAsync("auth", "whoami");

        Assert.Equal("yes\n", admin);
        Assert.StartsWith("no", other.Output, StringComparison.Ordinal);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("system:masters", whoami, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task Top_tells_the_nodes_and_that_no_pods_run(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);

        CommandResult pods = await kubectl.RunAsync("top", "pods");

        await kubectl.ShowsAsync("batch", "top", "nodes");
        Assert.Contains("No resources found", pods.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_all_lists_the_family_of_a_deployment()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.OkAsync("create", "deployment", "web", $"--image={cluster.Rig.Busybox}", "--", "sleep", "3600");
        await kubectl.OkAsync("expose", "deployment", "web", "--port=8080");
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=90s");

        string all = await kubectl.OkAsync("get", "all");

        Assert.Matches(@"pod/web-[a-z0-9]+-[a-z0-9]{5}\s+1/1\s+Running", all);
        Assert.Matches(@"service/web\s+ClusterIP\s+None\s+<none>\s+8080/TCP", all);
        Assert.Matches(@"deployment.apps/web\s+1/1\s+1\s+1", all);
        Assert.Matches(@"replicaset.apps/web-[a-z0-9]+\s+1\s+1\s+1", all);
    }
}
