using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Pods;

/// <summary>A pod that cannot run says why where users look, and nothing else suffers.</summary>
[Collection(ClusterCollection.Name)]
public sealed class FailureTests(Cluster cluster)
{
    [Fact]
    public async Task An_image_that_does_not_exist_is_named_in_the_pods_status()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        await kubectl.OkAsync("run", "bad", $"--image={cluster.Rig.Registry}/miniplane/nowhere:1");

        await kubectl.ShowsAsync("ImagePullBackOff", "get", "pods");
        await kubectl.ShowsAsync($"{cluster.Rig.Registry}/miniplane/nowhere:1", "describe", "pod", "bad");
        await kubectl.ShowsAsync("Failed to pull image", "describe", "pod", "bad");
    }

    [Fact]
    public async Task A_registry_whose_certificate_nobody_vouches_for_is_not_asked_in_the_clear()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        await kubectl.OkAsync("run", "bad", $"--image={cluster.Rig.SecureRegistry}/miniplane/busybox:1");

        await kubectl.ShowsAsync("certificate signed by unknown authority", "describe", "pod", "bad");
    }

    [Fact]
    public async Task A_command_that_fails_for_good_leaves_its_exit_code()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        await kubectl.OkAsync(
            "run", "bad", $"--image={cluster.Rig.Busybox}", "--restart=Never", "--", "sh", "-c", "echo last words; exit 3");

        await kubectl.ShowsAsync("Error", "get", "pods");
        await kubectl.FieldIsAsync("pod", "bad", ".status.phase", "Failed");
        Assert.Equal("3", await kubectl.FieldAsync("pod", "bad", ".status.containerStatuses[0].state.terminated.exitCode"));
        Assert.Matches(@"Exit Code:\s+3", await kubectl.OkAsync("describe", "pod", "bad"));
        Assert.Equal("last words\n", await kubectl.OkAsync("logs", "bad"));
    }

    [Fact]
    public async Task A_command_that_fails_is_started_again_with_growing_pauses()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        await kubectl.OkAsync("run", "bad", $"--image={cluster.Rig.Busybox}", "--", "sh", "-c", "echo this run; exit 4");

        await kubectl.ShowsAsync("CrashLoopBackOff", "get", "pods");
        await kubectl.FieldIsAsync("pod", "bad", ".status.containerStatuses[0].lastState.terminated.exitCode", "4");
        Assert.NotEqual("0", await kubectl.FieldAsync("pod", "bad", ".status.containerStatuses[0].restartCount"));
        Assert.Contains("BackOff", await kubectl.OkAsync("describe", "pod", "bad"), StringComparison.Ordinal);
        Assert.Equal("this run\n", await kubectl.OkAsync("logs", "bad", "--previous"));
    }

    [Fact]
    public async Task A_command_that_is_not_in_the_image_is_told()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        await kubectl.OkAsync("run", "bad", $"--image={cluster.Rig.Busybox}", "--restart=Never", "--command", "--", "/no/such/program");

        await kubectl.FieldIsAsync("pod", "bad", ".status.phase", "Failed");
        await kubectl.ShowsAsync("/no/such/program", "describe", "pod", "bad");
    }

    [Fact]
    public async Task A_request_that_no_node_can_satisfy_stays_pending_and_says_of_what_there_is_too_little()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        await kubectl.OkAsync(
            "run", "bad", $"--image={cluster.Rig.Busybox}", "--overrides",
            """{"apiVersion":"v1","spec":{"containers":[{"name":"bad","image":"x","resources":{"requests":{"cpu":"1000"}}}]}}""");

        await kubectl.ShowsAsync("3 Insufficient cpu", "describe", "pod", "bad");
        Assert.Equal("Pending", await kubectl.FieldAsync("pod", "bad", ".status.phase"));
    }

    [Fact]
    public async Task A_partition_that_does_not_exist_is_told()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        await kubectl.OkAsync(
            "run", "bad", $"--image={cluster.Rig.Busybox}", "--annotations=slurm.miniplane.io/partition=nowhere");

        await kubectl.ShowsAsync("didn't match the partition", "describe", "pod", "bad");
        Assert.Equal("Pending", await kubectl.FieldAsync("pod", "bad", ".status.phase"));
    }

    [Fact]
    public async Task Flags_that_sbatch_rejects_are_told_in_sbatchs_words_and_the_next_pod_runs()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        await kubectl.OkAsync(
            "run", "bad", $"--image={cluster.Rig.Busybox}", "--annotations=slurm.miniplane.io/flags=--constraint=nowhere");
        await kubectl.ShowsAsync("Invalid feature specification", "describe", "pod", "bad");
        await kubectl.OkAsync("run", "good", $"--image={cluster.Rig.Busybox}", "--restart=Never", "--", "true");

        await kubectl.FieldIsAsync("pod", "good", ".status.phase", "Succeeded");
        Assert.DoesNotContain("Running", await kubectl.OkAsync("get", "pod", "bad"), StringComparison.Ordinal);
    }
}
