using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Containers;

/// <summary>
/// What somebody has who was given nothing but miniplane.sif, an account and Apptainer: a cluster on the site's Slurm, reached in each
/// of the ways that there are.
/// </summary>
public sealed class ContainerFileTests : IAsyncLifetime
{
    private const string Completed = """
        apiVersion: batch/v1
        kind: Job
        metadata: {name: once}
        spec:
          template:
            spec:
              restartPolicy: Never
              containers: [{name: once, image: IMAGE, command: [sh, -c, 'echo ran']}]
        """;

    private static readonly string[] Commands = ["sinfo", "squeue", "sbatch", "scancel", "scontrol", "sacct"];

    private RigSettings? _rig;

    private RigSettings Rig => _rig ?? throw new InvalidOperationException("not initialized");

    public async Task InitializeAsync() => _rig = await RigSettings.LoadAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task With_the_hosts_root_the_sample_runs_and_jobs_outlive_Ctrl_C()
    {
        await using var plane = new ControlPlaneProcess(Rig, Container("--bind", "/:/host"), []);
        await plane.StartAsync();
        await using var kubectl = new Kubectl(Rig, plane.Kubeconfig, "default", Kubectl.Newest);
        string sample = await File.ReadAllTextAsync(Path.Combine(Rig.Repository, "docs/sample/hello.yaml"));

        await kubectl.ApplyAsync(sample.Replace("busybox:1.36", Rig.ImageFile, StringComparison.Ordinal));
        await kubectl.OkAsync("rollout", "status", "deployment/hello", "--timeout=120s");
        await kubectl.OkAsync("wait", "--for=condition=complete", "job/hello-client", "--timeout=120s");

        Assert.Contains("hello from hello-", await kubectl.OkAsync("logs", "job/hello-client"), StringComparison.Ordinal);
        Assert.StartsWith("hello-", await kubectl.OkAsync("exec", "deployment/hello", "--", "sh", "-c", "echo $POD_NAME"), StringComparison.Ordinal);
        Assert.Contains("hello from hello-", await kubectl.ScriptAsync(Forward), StringComparison.Ordinal);
        string goodbye = await plane.InterruptAsync();
        Assert.Contains("Jobs go on", goodbye, StringComparison.Ordinal);
        Assert.Equal(2, await RunningJobsAsync(plane));
        Assert.Contains($"apptainer run --bind /:/host {Rig.ContainerFile} down --cancel-jobs", goodbye, StringComparison.Ordinal);
        (await Rig.RunAsync([.. Container("--bind", "/:/host"), "down", "--cancel-jobs", "--data-dir", Path.Combine(plane.Directory, "data")])).OrFail();
        Assert.Equal(0, await RunningJobsAsync(plane));
    }

    [Fact]
    public async Task Commands_that_the_site_binds_onto_PATH_are_used()
    {
        const string Libraries = "/usr/lib/x86_64-linux-gnu";
        string binds = string.Join(
            ',', [.. Commands.Select(name => $"/usr/bin/{name}"), $"{Libraries}/slurm-wlm", $"{Libraries}/libmunge.so.2", "/etc/passwd", "/etc/group"]);

        await using ControlPlaneProcess plane = await RunsAJobAsync(Container("--bind", binds), "commands on PATH");
    }

    [Fact]
    public async Task A_login_node_is_reached_by_ssh()
    {
        await using ControlPlaneProcess plane = await RunsAJobAsync(
            Container(), $"commands by ssh -F {Rig.SshConfig} login1", $"commandPrefix: ssh -F {Rig.SshConfig} login1");
    }

    [Fact]
    public async Task Without_any_way_to_Slurm_it_starts_and_says_what_to_add()
    {
        await using var plane = new ControlPlaneProcess(Rig, Container(), []);
        await plane.StartAsync();
        await using var kubectl = new Kubectl(Rig, plane.Kubeconfig, "default", Kubectl.Newest);

        await kubectl.ShowsAsync("--bind /:/host", "get", "node", "slurm", "-o", "jsonpath={.status.conditions[?(@.type=='Ready')].message}");

        Assert.Contains("NotReady", await kubectl.OkAsync("get", "nodes"), StringComparison.Ordinal);
        Assert.Contains("apptainer run --bind /:/host miniplane.sif", plane.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_programs_are_copied_out_and_run_without_the_container()
    {
        string directory = Path.Combine(Rig.Work, $"bin-{Guid.NewGuid().ToString("n")[..8]}");

        string said = (await Rig.RunAsync([.. Container(), "install", directory])).OrFail();

        Assert.Contains($"{directory}/miniplane up", said, StringComparison.Ordinal);
        Assert.Contains("MiniPlane", (await Rig.RunAsync($"{directory}/miniplane", "--help")).OrFail(), StringComparison.Ordinal);
        await using ControlPlaneProcess plane = await RunsAJobAsync([$"{directory}/miniplane"], "commands on PATH");
        await Rig.RunAsync("rm", "-r", directory);
    }

    private const string Forward = """
        said=$(mktemp)
        "$KUBECTL" --namespace "$NAMESPACE" port-forward deployment/hello :8080 >"$said" 2>&1 & forward=$!
        trap 'kill $forward; rm "$said"' EXIT
        for _ in $(seq 300); do
          port=$(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\) .*/\1/p' "$said")
          [ -z "$port" ] || break
          sleep 0.1
        done
        curl -sS --max-time 20 "http://127.0.0.1:$port/"
        """;

    private string[] Container(params string[] options) => ["apptainer", "--silent", "run", .. options, Rig.ContainerFile];

    private async Task<ControlPlaneProcess> RunsAJobAsync(string[] program, string way, string? site = null)
    {
        string[] settings = [];
        if (site is not null)
        {
            string file = Path.Combine(Rig.Work, $"site-{Guid.NewGuid().ToString("n")[..8]}.yaml");
            (await Rig.RunAsync("sh", "-c", "echo \"$2\" > \"$1\"", "sh", file, site)).OrFail();
            settings = ["--site", file];
        }

        var plane = new ControlPlaneProcess(Rig, program, settings);
        try
        {
            await plane.StartAsync();
            await using var kubectl = new Kubectl(Rig, plane.Kubeconfig, "default", Kubectl.Newest);
            await kubectl.ApplyAsync(Completed.Replace("IMAGE", Rig.ImageFile, StringComparison.Ordinal));
            await kubectl.OkAsync("wait", "--for=condition=complete", "job/once", "--timeout=120s");

            Assert.Equal("ran\n", await kubectl.OkAsync("logs", "job/once"));
            string log = (await Rig.RunAsync("cat", Path.Combine(plane.Directory, "data", "logs", "miniplane.log"))).OrFail();
            Assert.Contains($"the way to Slurm: {way}", log, StringComparison.Ordinal);
            return plane;
        }
        catch
        {
            await plane.DisposeAsync();
            throw;
        }
    }

    private async Task<int> RunningJobsAsync(ControlPlaneProcess plane) =>
        (await Rig.RunAsync("squeue", "-h", "--me", "-t", "RUNNING", "-o", "%Z")).OrFail()
            .Split('\n')
            .Count(directory => directory.StartsWith(plane.Directory, StringComparison.Ordinal));
}
