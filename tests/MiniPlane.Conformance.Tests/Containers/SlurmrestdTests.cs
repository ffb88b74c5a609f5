using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Containers;

/// <summary>The whole way of a pod where slurmrestd stands for Slurm's programs: the real one, in both of its forms.</summary>
public sealed class SlurmrestdTests : IAsyncLifetime
{
    private const string Pods = """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: index}
        spec:
          completions: 3
          parallelism: 3
          completionMode: Indexed
          template:
            spec:
              restartPolicy: Never
              containers: [{name: index, image: IMAGE, command: [sh, -c, 'echo index $JOB_COMPLETION_INDEX']}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: fails}
        spec:
          restartPolicy: Never
          containers: [{name: fails, image: IMAGE, command: [sh, -c, 'exit 3'], resources: {limits: {cpu: "1", memory: 100Mi, nvidia.com/gpu: "1"}}}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: refused, annotations: {slurm.miniplane.io/flags: "--constraint=nosuch"}}
        spec: {restartPolicy: Never, containers: [{name: refused, image: IMAGE}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: stays}
        spec: {containers: [{name: stays, image: IMAGE, command: [sleep, "3600"]}]}
        """;

    private RigSettings? _rig;

    private RigSettings Rig => _rig ?? throw new InvalidOperationException("not initialized");

    public async Task InitializeAsync() => _rig = await RigSettings.LoadAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task By_a_socket_of_the_users_own_pods_run_fail_are_refused_and_deleted()
    {
        await using var plane = new ControlPlaneProcess(Rig, null, ["--backend", "slurmrestd", "--slurmrestd", Rig.RestSocket]);
        await plane.StartAsync();
        await using var kubectl = new Kubectl(Rig, plane.Kubeconfig, "default", Kubectl.Newest);

        await kubectl.ApplyAsync(Pods.Replace("IMAGE", Rig.ImageFile, StringComparison.Ordinal));
        await kubectl.OkAsync("wait", "--for=condition=complete", "job/index", "--timeout=120s");
        await kubectl.FieldIsAsync("pod", "stays", ".status.phase", "Running");
        await kubectl.FieldIsAsync("pod", "fails", ".status.containerStatuses[0].state.terminated.exitCode", "3");
        await kubectl.ShowsAsync("FailedSubmit", "get", "events", "--field-selector=involvedObject.name=refused");

        Assert.Contains("index 2", await kubectl.OkAsync("logs", "-l", "batch.kubernetes.io/job-completion-index=2"), StringComparison.Ordinal);
        Assert.Equal("in\n", await kubectl.OkAsync("exec", "stays", "--", "echo", "in"));
        await kubectl.OkAsync("delete", "pod", "stays", "--timeout=60s");
        string status = (await Rig.RunAsync(Path.Combine(Rig.App, "miniplane"), "status", "--data-dir", Path.Combine(plane.Directory, "data"))).OrFail();
        Assert.Contains($"by slurmrestd at {Rig.RestSocket}", status, StringComparison.Ordinal);
        Assert.DoesNotContain("sbatch", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_the_container_a_token_is_enough()
    {
        string[] program = ["env", "-u", "SLURM_CONF", "apptainer", "--silent", "run", Rig.ContainerFile];
        await using var plane = new ControlPlaneProcess(Rig, program, ["--slurmrestd", Rig.RestUrl, "--slurmrestd-token-file", Rig.RestTokenFile]);
        await plane.StartAsync();
        await using var kubectl = new Kubectl(Rig, plane.Kubeconfig, "default", Kubectl.Newest);

        await kubectl.OkAsync("run", "once", "--restart=Never", $"--image={Rig.Busybox}", "--", "echo", "by token");
        await kubectl.FieldIsAsync("pod", "once", ".status.phase", "Succeeded");

        Assert.Equal("by token\n", await kubectl.OkAsync("logs", "once"));
        string log = (await Rig.RunAsync("cat", Path.Combine(plane.Directory, "data", "logs", "miniplane.log"))).OrFail();
        Assert.Contains($"slurmrestd at {Rig.RestUrl}", log, StringComparison.Ordinal);
        Assert.DoesNotContain("SLURM_JWT=ey", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_examines_a_compute_node_by_it()
    {
        CommandResult said = await Rig.RunAsync(
            Path.Combine(Rig.App, "miniplane"), "doctor", "--data-dir", Path.Combine(Rig.Work, "doctor-rest"), "--backend", "slurmrestd", "--slurmrestd", Rig.RestSocket);

        Assert.Contains($"slurmrestd at {Rig.RestSocket}", said.Output, StringComparison.Ordinal);
        Assert.Contains("The site is fit", said.OrFail(), StringComparison.Ordinal);
        Assert.Contains("apptainer version", said.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("no job could start", said.Output, StringComparison.Ordinal);
    }
}
