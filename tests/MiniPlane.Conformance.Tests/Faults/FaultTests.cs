using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Conformance.Tests.Rig;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Conformance.Tests.Faults;

/// <summary>
/// What goes wrong at a site, on real Slurm: each fault ends in the right pod status, nothing runs twice, and no line of a log is lost
/// or doubled. <c>MINIPLANE_FAULT_SECONDS</c> says how long outages last (a minute, when run by hand).
/// </summary>
public sealed class FaultTests(FaultTests.OwnCluster cluster) : IClassFixture<FaultTests.OwnCluster>
{
    private static readonly int OutageSeconds =
        int.TryParse(Environment.GetEnvironmentVariable("MINIPLANE_FAULT_SECONDS"), CultureInfo.InvariantCulture, out int seconds) ? seconds : 12;

    private RigSettings Rig => cluster.Rig;

    private ControlPlaneProcess ControlPlane => cluster.ControlPlane;

    [Fact]
    public async Task Pods_that_start_run_and_end_while_the_control_plane_is_killed_run_once_and_end_as_they_did()
    {
        await using Kubectl kubectl = Client();
        await kubectl.ApplyAsync(string.Join("\n---\n", Enumerable.Range(0, 3).Select(i => Runner($"early{i}", 1))));
        await kubectl.FieldIsAsync("pod", "early0", ".status.phase", "Running");
        await kubectl.ApplyAsync(string.Join("\n---\n", Enumerable.Range(0, 3).Select(i => Runner($"late{i}", 1))));

        await ControlPlane.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(4), TimeProvider.System);
        await ControlPlane.StartAsync();

        foreach (string name in (string[])["early0", "early1", "early2", "late0", "late1", "late2"])
        {
            await kubectl.FieldIsAsync("pod", name, ".status.phase", "Succeeded");
            Assert.Equal($"{name}\n", (await Rig.RunAsync("cat", Path.Combine(ControlPlane.Directory, name))).OrFail());
            Assert.Equal(Lines(1), await kubectl.OkAsync("logs", name));
        }
    }

    [Fact]
    public async Task A_pod_whose_agent_is_killed_fails_and_its_log_can_be_read()
    {
        await using Kubectl kubectl = Client();
        await kubectl.ApplyAsync(Runner("orphan", 600));
        await kubectl.ShowsAsync("line 3", "logs", "orphan");

        string uid = await kubectl.FieldAsync("pod", "orphan", ".metadata.uid");
        (await Rig.RunAsync("pkill", "-KILL", "-f", $"{uid}/agent.json")).OrFail();

        await kubectl.FieldIsAsync("pod", "orphan", ".status.phase", "Failed");
        Assert.NotEqual("", await kubectl.FieldAsync("pod", "orphan", ".status.reason"));
        Assert.NotEqual("0", await kubectl.FieldAsync("pod", "orphan", ".status.containerStatuses[0].state.terminated.exitCode"));
        Assert.StartsWith("line 1\nline 2\nline 3\n", await kubectl.OkAsync("logs", "orphan"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_job_is_a_failed_pod_with_that_reason()
    {
        await using Kubectl kubectl = Client();
        await kubectl.ApplyAsync(Runner("cancelled", 600));
        await kubectl.FieldIsAsync("pod", "cancelled", ".status.phase", "Running");

        (await Rig.RunAsync("scancel", await JobOfAsync(kubectl, "cancelled"))).OrFail();

        await kubectl.FieldIsAsync("pod", "cancelled", ".status.phase", "Failed");
        await kubectl.FieldIsAsync("pod", "cancelled", ".status.reason", "SlurmCancelled");
        Assert.Equal("True", await kubectl.FieldAsync("pod", "cancelled", ".status.conditions[?(@.type==\"DisruptionTarget\")].status"));
    }

    [Fact]
    public async Task A_requeued_job_is_a_pod_that_was_restarted()
    {
        await using Kubectl kubectl = Client();
        await kubectl.ApplyAsync(Runner("again", 600, "Always"));
        await kubectl.ShowsAsync("line 2", "logs", "again");

        (await Rig.RunAsync("scontrol", "requeue", await JobOfAsync(kubectl, "again"))).OrFail();

        await kubectl.ShowsAsync("JobRequeued", "describe", "pod", "again");
        await kubectl.FieldIsAsync("pod", "again", ".status.containerStatuses[0].restartCount", "1");
        await kubectl.ShowsAsync("line 1", "logs", "again");
        Assert.Equal("again\nagain\n", (await Rig.RunAsync("cat", Path.Combine(ControlPlane.Directory, "again"))).OrFail());
        Assert.StartsWith("line 1\nline 2\n", await kubectl.OkAsync("logs", "--previous", "again"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_at_the_end_of_its_time_is_warned_and_its_pod_fails_as_past_its_deadline()
    {
        await using Kubectl kubectl = Client();
        JsonObject pod = JsonNode.Parse(await kubectl.OkAsync(
            "create", "--dry-run=client", "-o", "json", "-f", await SaveAsync("timed.yaml", Runner("timed", 600))))!.AsObject();
        pod.Ensure("metadata", "annotations")["slurm.miniplane.io/time"] = "1";
        await kubectl.ApplyAsync(pod.ToJsonString());

        await kubectl.FieldIsAsync("pod", "timed", ".status.phase", "Running");
        await kubectl.OkAsync("wait", "--for=jsonpath={.status.reason}=DeadlineExceeded", "pod/timed", "--timeout=150s");

        Assert.Equal("Failed", await kubectl.FieldAsync("pod", "timed", ".status.phase"));
    }

    [Fact]
    public async Task A_controller_that_is_away_for_a_while_loses_nothing_and_doubles_nothing()
    {
        await using Kubectl kubectl = Client();
        await kubectl.ApplyAsync(Runner("before", OutageSeconds * 2));
        await kubectl.FieldIsAsync("pod", "before", ".status.phase", "Running");
        string controller = (await File.ReadAllTextAsync(
            Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Rig.SlurmConf))!, "run", "slurmctld.pid"))).Trim();

        (await Command.RunAsync("kill", ["-STOP", controller])).OrFail();
        try
        {
            await kubectl.ApplyAsync(Runner("during", 1));
            await Task.Delay(TimeSpan.FromSeconds(OutageSeconds), TimeProvider.System);
            Assert.Equal("Running", await kubectl.FieldAsync("pod", "before", ".status.phase"));
            Assert.Equal("Pending", await kubectl.FieldAsync("pod", "during", ".status.phase"));
        }
        finally
        {
            (await Command.RunAsync("kill", ["-CONT", controller])).OrFail();
        }

        await kubectl.OkAsync("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/before", "pod/during", "--timeout=180s");
        Assert.Equal("during\n", (await Rig.RunAsync("cat", Path.Combine(ControlPlane.Directory, "during"))).OrFail());
        Assert.Equal(Lines(OutageSeconds * 2), await kubectl.OkAsync("logs", "before"));
    }

    [Fact]
    public async Task A_control_plane_that_does_not_answer_for_a_while_loses_no_line_of_a_log()
    {
        await using Kubectl kubectl = Client();
        await kubectl.ApplyAsync(Runner("steady", OutageSeconds * 2));
        await kubectl.FieldIsAsync("pod", "steady", ".status.phase", "Running");
        string processes = (await Rig.RunAsync("pgrep", "-f", $"miniplane up --data-dir {ControlPlane.Directory}/data")).OrFail();
        string[] ids = processes.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        (await Rig.RunAsync(["kill", "-STOP", .. ids])).OrFail();
        await Task.Delay(TimeSpan.FromSeconds(OutageSeconds), TimeProvider.System);
        (await Rig.RunAsync(["kill", "-CONT", .. ids])).OrFail();

        await kubectl.FieldIsAsync("pod", "steady", ".status.phase", "Succeeded");
        Assert.Equal(Lines(OutageSeconds * 2), await kubectl.OkAsync("logs", "steady"));
        Assert.Equal("steady\n", (await Rig.RunAsync("cat", Path.Combine(ControlPlane.Directory, "steady"))).OrFail());
    }

    [Fact]
    public async Task A_network_that_is_cut_for_a_while_loses_no_byte_of_a_log_and_no_end()
    {
        await using Kubectl kubectl = Client();
        JsonObject pod = JsonNode.Parse(await kubectl.OkAsync(
            "create", "--dry-run=client", "-o", "json", "-f", await SaveAsync("cut.yaml", Runner("cut", OutageSeconds + 6))))!.AsObject();
        pod.Ensure("metadata", "annotations")["slurm.miniplane.io/hold"] = "true";
        await kubectl.ApplyAsync(pod.ToJsonString());
        await kubectl.FieldIsAsync("pod", "cut", ".status.containerStatuses[0].state.waiting.reason", "SlurmJobHeldUser");
        string file = Path.Combine(ControlPlane.Directory, "data", "pods", await kubectl.FieldAsync("pod", "cut", ".metadata.uid"), "agent.json");
        JsonObject agent = JsonNode.Parse((await Rig.RunAsync("cat", file)).OrFail())!.AsObject();
        await using TcpRelay network = new(new Uri((string)agent["endpoints"]![0]!).Port);
        agent["endpoints"] = new JsonArray($"https://127.0.0.1:{network.Port}");
        (string program, string[] arguments) = Rig.AsOrdinaryUser("sh", "-c", $"cat > {file}");
        (await Command.RunAsync(program, arguments, agent.ToJsonString())).OrFail();
        (await Rig.RunAsync("scontrol", "release", await JobOfAsync(kubectl, "cut"))).OrFail();
        await kubectl.ShowsAsync("line 2", "logs", "cut");
        Task<CommandResult> following = kubectl.RunAsync("logs", "-f", "cut");

        network.Cut();
        await Task.Delay(TimeSpan.FromSeconds(OutageSeconds), TimeProvider.System);
        Assert.Equal("Running", await kubectl.FieldAsync("pod", "cut", ".status.phase"));
        Assert.Equal(OutageSeconds < 60 ? "True" : "False", await kubectl.FieldAsync("pod", "cut", ".status.conditions[?(@.type==\"Ready\")].status"));
        network.Mend();

        await kubectl.FieldIsAsync("pod", "cut", ".status.phase", "Succeeded");
        Assert.Equal(Lines(OutageSeconds + 6), (await following).OrFail());
        Assert.Equal(Lines(OutageSeconds + 6), await kubectl.OkAsync("logs", "cut"));
        Assert.Equal("cut\n", (await Rig.RunAsync("cat", Path.Combine(ControlPlane.Directory, "cut"))).OrFail());
        Assert.True(network.Connections > 0);
    }

    [Fact]
    public async Task A_shared_directory_that_cannot_be_written_is_told_and_the_pod_runs_once_it_can()
    {
        await using Kubectl kubectl = Client();
        string pods = Path.Combine(ControlPlane.Directory, "data", "pods");
        (await Rig.RunAsync("mkdir", "-p", pods)).OrFail();
        (await Rig.RunAsync("chmod", "500", pods)).OrFail();

        await kubectl.ApplyAsync(Runner("blocked", 1));
        await kubectl.FieldIsAsync("pod", "blocked", ".status.containerStatuses[0].state.waiting.reason", "SharedDirectoryFailed");
        (await Rig.RunAsync("chmod", "700", pods)).OrFail();

        await kubectl.FieldIsAsync("pod", "blocked", ".status.phase", "Succeeded");
        Assert.Equal("blocked\n", (await Rig.RunAsync("cat", Path.Combine(ControlPlane.Directory, "blocked"))).OrFail());
    }

    [Fact]
    public async Task A_registry_that_is_down_holds_up_only_what_needs_it()
    {
        await using Kubectl kubectl = Client();
        await kubectl.ApplyAsync(Runner("cached", 1));
        await kubectl.FieldIsAsync("pod", "cached", ".status.phase", "Succeeded");

        await kubectl.OkAsync("run", "remote", "--image=127.0.0.1:1/away/image:1", "--restart=Never");
        await kubectl.ShowsAsync("ImagePullBackOff", "get", "pod", "remote");
        await kubectl.ApplyAsync(Runner("cached2", 1));

        await kubectl.FieldIsAsync("pod", "cached2", ".status.phase", "Succeeded");
        Assert.Equal("Pending", await kubectl.FieldAsync("pod", "remote", ".status.phase"));
    }

    private static string Lines(int count) => string.Concat(Enumerable.Range(1, count).Select(i => $"line {i}\n"));

    private static Task<string> JobOfAsync(Kubectl kubectl, string pod) =>
        kubectl.FieldAsync("pod", pod, ".metadata.annotations.slurm\\.miniplane\\.io/job-id");

    private Kubectl Client() => new(Rig, ControlPlane.Kubeconfig, "default", Kubectl.Newest);

    private static async Task<string> SaveAsync(string name, string text)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}-{name}");
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    /// <summary>Writes its name into a file, once per run, and then a line a second.</summary>
    private string Runner(string name, int seconds, string restartPolicy = "Never") => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}} }
        spec:
          restartPolicy: {{restartPolicy}}
          terminationGracePeriodSeconds: 2
          containers:
          - name: main
            image: {{Rig.Busybox}}
            command: [sh, -c, 'echo {{name}} >> /out/{{name}}; i=0; while [ $i -lt {{seconds}} ]; do i=$((i+1)); echo line $i; sleep 1; done']
            volumeMounts: [{name: out, mountPath: /out}]
          volumes: [{name: out, hostPath: {path: {{ControlPlane.Directory}} } }]
        """;

    /// <summary>A cluster that may be killed without harm to other tests.</summary>
    public sealed class OwnCluster : IAsyncLifetime
    {
        private RigSettings? _rig;
        private ControlPlaneProcess? _controlPlane;

        internal RigSettings Rig => _rig ?? throw new InvalidOperationException("not initialized");

        internal ControlPlaneProcess ControlPlane => _controlPlane ?? throw new InvalidOperationException("not initialized");

        public async Task InitializeAsync()
        {
            _rig = await RigSettings.LoadAsync();
            _controlPlane = new ControlPlaneProcess(_rig);
            await _controlPlane.StartAsync();
        }

        public async Task DisposeAsync()
        {
            if (_controlPlane is not null)
            {
                await _controlPlane.DisposeAsync();
            }
        }
    }
}
