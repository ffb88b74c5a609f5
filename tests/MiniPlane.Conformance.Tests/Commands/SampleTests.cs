using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>The sample of README, as its script applies it, on the shared cluster.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SampleTests(Cluster cluster)
{
    [Fact]
    public async Task The_job_reads_a_page_of_the_deployment_by_the_name_of_its_service()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string sample = await File.ReadAllTextAsync(Path.Combine(cluster.Rig.Repository, "docs/sample/hello.yaml"));

        await kubectl.ApplyAsync(sample.Replace("busybox:1.36", cluster.Rig.ImageFile, StringComparison.Ordinal));
        await kubectl.OkAsync("rollout", "status", "deployment/hello", "--timeout=120s");
        await kubectl.OkAsync("wait", "--for=condition=complete", "job/hello-client", "--timeout=120s");

        Assert.Contains("hello from hello-", await kubectl.OkAsync("logs", "job/hello-client"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_pod_is_a_job_of_the_ordinary_user()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        await kubectl.OkAsync("run", "one", $"--image={cluster.Rig.Busybox}", "--restart=Never", "--", "sleep", "600");
        await kubectl.FieldIsAsync("pod", "one", ".status.phase", "Running");

        string uid = await kubectl.FieldAsync("pod", "one", ".metadata.uid");
        string jobs = (await cluster.Rig.RunAsync("squeue", "-h", "-t", "RUNNING", "-o", "%u %j %Z")).OrFail();
        string job = Assert.Single(jobs.Split('\n'), line => line.EndsWith(uid, StringComparison.Ordinal));
        Assert.StartsWith($"{cluster.Rig.User} one ", job, StringComparison.Ordinal);
        Assert.DoesNotContain(jobs.Split('\n'), line => line.StartsWith("root ", StringComparison.Ordinal));
    }
}
