using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;
using MiniPlane.Workloads.Backends;
using MiniPlane.Workloads.Sim;

namespace MiniPlane.Workloads.Tests.Dispatch;

public sealed class DispatchTests
{
    private readonly FakeBackend _backend = new();

    [Fact]
    public async Task A_pod_gets_one_job_and_says_which()
    {
        using var rig = new Rig(_backend);
        string uid = await rig.CreatePodAsync();

        await rig.RoundAsync();

        JobRequest request = Assert.Single(_backend.Submitted);
        Assert.Equal(uid, request.PodUid);
        Assert.Equal("101", rig.Pod().Text("metadata", "annotations", "slurm.miniplane.io/job-id"));
        Assert.Equal("SlurmPriority", rig.Pod().Objects("status", "containerStatuses").Single().Text("state", "waiting", "reason"));
        Assert.Contains("Submitted", rig.Events);
    }

    [Fact]
    public async Task The_agents_file_is_for_its_owner_only_and_its_token_opens_only_its_pod()
    {
        using var rig = new Rig(_backend);
        string uid = await rig.CreatePodAsync();
        await rig.RoundAsync();
        string file = Path.Combine(rig.Files.DirectoryOf(uid), "agent.json");
        string token = MiniPlane.Wire.Agent.AgentConfiguration.Load(file).Token;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(uid, rig.Files.Authenticate(token));
        Assert.Null(rig.Files.Authenticate(token[..^1]));
        Assert.Null(rig.Files.Authenticate(token.Replace(uid, "other", StringComparison.Ordinal)));
        Assert.Null(rig.Files.Authenticate("../../x.y"));
    }

    [Fact]
    public async Task A_pod_of_a_network_is_given_no_address_and_its_agent_the_networks_name()
    {
        using var rig = new Rig(_backend, site: Workloads.Site.SiteSettings.Default with { Networks = ["flannel"] }, endpoint: "https://192.0.2.1:6443");
        string uid = await rig.CreatePodAsync();

        await rig.RoundAsync();

        Assert.Equal("flannel", rig.Pod().Text("metadata", "annotations", "miniplane.io/pod-network"));
        Assert.Null(rig.Pod().Text("metadata", "annotations", "slurm.miniplane.io/pod-address"));
        Assert.Equal("flannel", MiniPlane.Wire.Agent.AgentConfiguration.Load(Path.Combine(rig.Files.DirectoryOf(uid), "agent.json")).Settings.Network?.Name);
        Assert.Equal("flannel", rig.Files.ReadNetwork(uid));
    }

    [Fact]
    public async Task A_pod_of_a_network_waits_while_the_control_plane_listens_on_loopback_alone()
    {
        using var rig = new Rig(_backend, site: Workloads.Site.SiteSettings.Default with { Networks = ["flannel"] });
        await rig.CreatePodAsync();

        await rig.RoundAsync();

        Assert.Empty(_backend.Submitted);
        Assert.Equal("ControlPlaneUnreachable", rig.Pod().Objects("status", "containerStatuses").Single().Text("state", "waiting", "reason"));
        Assert.Contains("FailedSubmit", rig.Events);
    }

    [Fact]
    public async Task After_a_restart_no_pod_is_submitted_again()
    {
        using var data = new Rig(_backend);
        string uid = await data.CreatePodAsync();
        await data.RoundAsync();
        data.Cluster.Edit("Pod", "default", "p", pod => pod.Ensure("metadata").Remove("annotations"));

        using var restarted = new Rig(_backend, data.Time, data.Cluster);
        await restarted.RoundAsync();

        Assert.Single(_backend.Submitted);
        Assert.Equal("Running", await StateAfterAsync(restarted, "101", JobState.Running) is "ContainerCreating" ? "Running" : "");
        Assert.NotNull(restarted.Ledger.Find(uid));
    }

    [Fact]
    public async Task A_refusal_stays_visible_and_is_tried_again_ever_more_slowly()
    {
        using var rig = new Rig(_backend);
        _backend.NextSubmits.Enqueue(new SubmitOutcome.Rejected("Invalid qos specification"));
        _backend.NextSubmits.Enqueue(new SubmitOutcome.Rejected("Invalid qos specification"));
        await rig.CreatePodAsync();

        await rig.RoundAsync();
        JsonObjectState waiting = Waiting(rig);
        await rig.PassAsync(TimeSpan.FromSeconds(11));
        await rig.PassAsync(TimeSpan.FromSeconds(11));
        bool isTooEarly = _backend.Submitted.Count == 0;
        await rig.PassAsync(TimeSpan.FromSeconds(11));

        Assert.Equal(new JsonObjectState("SlurmSubmitError", "Invalid qos specification"), waiting);
        Assert.Contains("FailedSubmit", rig.Events);
        Assert.True(isTooEarly);
        Assert.Single(_backend.Submitted);
    }

    [Fact]
    public async Task A_pod_that_was_refused_is_tried_at_once_when_it_changes()
    {
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync(annotation: "--array=1-2");
        await rig.RoundAsync();
        Assert.Contains("exactly one job", Waiting(rig).Message, StringComparison.Ordinal);

        rig.Cluster.Edit("Pod", "default", "p", pod => pod.Ensure("metadata", "annotations")["slurm.miniplane.io/flags"] = "--nice");
        await rig.RoundAsync();

        Assert.Single(_backend.Submitted);
    }

    [Fact]
    public async Task While_Slurm_is_away_nothing_is_lost_and_nothing_is_concluded()
    {
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync();
        await rig.RoundAsync();
        _backend.Set("101", JobState.Running);
        await rig.RoundAsync();

        _backend.Trouble = "Unable to contact slurm controller";
        await rig.PassAsync(TimeSpan.FromHours(1));
        _backend.Trouble = "";
        await rig.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("Pending", rig.Pod().Text("status", "phase"));
        Assert.Empty(_backend.Cancelled);
        Assert.Single(_backend.Submitted);
    }

    [Theory]
    [InlineData(JobState.Timeout, "DeadlineExceeded")]
    [InlineData(JobState.OutOfMemory, "OOMKilled")]
    [InlineData(JobState.NodeFail, "NodeLost")]
    [InlineData(JobState.Cancelled, "SlurmCancelled")]
    public async Task A_job_that_ended_ends_its_pod(JobState state, string reason)
    {
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync();
        await rig.RoundAsync();

        _backend.Set("101", state);
        await rig.RoundAsync();

        Assert.Equal(("Failed", reason), (rig.Pod().Text("status", "phase"), rig.Pod().Text("status", "reason")));
        Assert.Contains(reason, rig.Events);
    }

    [Fact]
    public async Task A_pod_that_its_agent_ended_for_a_preemption_is_told_to_have_been_preempted()
    {
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync();
        await rig.RoundAsync();
        _backend.Set("101", JobState.Running);
        await rig.RoundAsync();
        rig.Cluster.Edit("Pod", "default", "p", pod => pod.Ensure("status")["phase"] = "Failed");

        _backend.Set("101", JobState.Preempted);
        await rig.RoundAsync();
        await rig.RoundAsync();

        Assert.Equal("Preempted", rig.Pod().Text("status", "reason"));
        Assert.Single(rig.Events, "Preempted");
    }

    [Theory]
    [InlineData("101", "102")]
    [InlineData("102", "101")]
    public async Task Of_two_jobs_of_a_pod_the_one_that_took_it_stays(string first, string second)
    {
        using var rig = new Rig(_backend);
        string uid = await rig.CreatePodAsync();
        await rig.RoundAsync();
        _backend.Set("101", JobState.Running);
        _backend.Jobs["102"] = _backend.Jobs["101"] with { JobId = "102" };
        await File.WriteAllTextAsync(Path.Combine(rig.Files.DirectoryOf(uid), "job-id"), first + "\n");

        await rig.RoundAsync();

        Assert.Equal(first, rig.Pod().Text("metadata", "annotations", "slurm.miniplane.io/job-id"));
        Assert.Equal([$"Kill {second}"], _backend.Cancelled.Distinct());
    }

    [Fact]
    public async Task A_job_that_Slurm_has_forgotten_fails_its_pod()
    {
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync();
        await rig.RoundAsync();

        _backend.Jobs.Clear();
        await rig.PassAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(("Failed", "SlurmJobLost"), (rig.Pod().Text("status", "phase"), rig.Pod().Text("status", "reason")));
    }

    [Fact]
    public async Task What_the_job_printed_tells_why_it_failed()
    {
        using var rig = new Rig(_backend);
        string uid = await rig.CreatePodAsync();
        await rig.RoundAsync();

        await File.WriteAllTextAsync(Path.Combine(rig.Files.DirectoryOf(uid), "slurm-101.out"), "miniplane-agent: not found\n");
        _backend.Set("101", JobState.Failed, "NonZeroExitCode");
        await rig.RoundAsync();

        Assert.Contains("miniplane-agent: not found", rig.Pod().Text("status", "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_status_that_an_agent_left_behind_counts()
    {
        using var rig = new Rig(_backend);
        string uid = await rig.CreatePodAsync();
        await rig.RoundAsync();

        await File.WriteAllTextAsync(
            Path.Combine(rig.Files.DirectoryOf(uid), "status.json"),
            """{"phase":"Succeeded","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0}}}]}""");
        _backend.Set("101", JobState.Completed);
        await rig.RoundAsync();

        Assert.Equal("Succeeded", rig.Pod().Text("status", "phase"));
    }

    [Fact]
    public async Task A_deleted_pod_that_waits_is_cancelled_and_leaves_nothing()
    {
        using var rig = new Rig(_backend);
        string uid = await rig.CreatePodAsync();
        await rig.RoundAsync();

        await rig.Cluster.DeleteAsync(rig.Cluster.Kind("Pod"), new ObjectKey("default", "p"), DeleteQuery.Default, default);
        await rig.RoundAsync();
        await rig.RoundAsync();

        Assert.Equal(["Kill 101"], _backend.Cancelled);
        Assert.Empty(rig.Cluster.All("Pod"));
        Assert.False(Directory.Exists(rig.Files.DirectoryOf(uid)));
        Assert.Null(rig.Ledger.Find(uid));
    }

    [Fact]
    public async Task A_deleted_pod_that_runs_gets_its_grace_period_first()
    {
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync();
        await rig.RoundAsync();
        _backend.Set("101", JobState.Running);
        await rig.RoundAsync();

        await rig.Cluster.DeleteAsync(rig.Cluster.Kind("Pod"), new ObjectKey("default", "p"), new DeleteQuery { GracePeriodSeconds = 20 }, default);
        await rig.RoundAsync();
        string[] first = [.. _backend.Cancelled];
        await rig.PassAsync(TimeSpan.FromSeconds(31));

        Assert.Equal(["Terminate 101"], first);
        Assert.Equal("Kill 101", _backend.Cancelled[^1]);
        Assert.Empty(rig.Cluster.All("Pod"));
    }

    [Fact]
    public async Task A_job_whose_agent_is_not_heard_of_is_told_about_once()
    {
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync();
        await rig.RoundAsync();
        _backend.Set("101", JobState.Running);

        await rig.RoundAsync();
        bool isEarly = rig.Events.Contains("AgentNotConnected", StringComparer.Ordinal);
        await rig.PassAsync(TimeSpan.FromMinutes(3));
        await rig.PassAsync(TimeSpan.FromMinutes(3));

        Assert.False(isEarly);
        Assert.Single(rig.Events, "AgentNotConnected");
    }

    [Fact]
    public async Task A_pods_deadline_ends_it_to_the_second_and_not_while_it_waits()
    {
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync();
        rig.Cluster.Edit("Pod", "default", "p", pod => pod.Ensure("spec")["activeDeadlineSeconds"] = 20);
        await rig.RoundAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(10));
        _backend.Set("101", JobState.Running);
        _backend.Jobs["101"] = _backend.Jobs["101"] with { StartTime = rig.Time.GetUtcNow() };

        await rig.PassAsync(TimeSpan.FromSeconds(19));
        string? before = rig.Pod().Text("status", "phase");
        await rig.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal("Pending", before);
        Assert.Equal(("Failed", "DeadlineExceeded"), (rig.Pod().Text("status", "phase"), rig.Pod().Text("status", "reason")));
        Assert.Contains("Terminate 101", _backend.Cancelled);
    }

    [Theory]
    [InlineData(143, 1)]
    [InlineData(0, 143)]
    public async Task An_agent_that_heeded_the_warning_before_the_limit_was_timed_out(int container, int agent)
    {
        using var rig = new Rig(_backend);
        await rig.CreatePodAsync();
        await rig.RoundAsync();
        _backend.Set("101", JobState.Running);
        _backend.Jobs["101"] = _backend.Jobs["101"] with { EndTime = rig.Time.GetUtcNow() + TimeSpan.FromSeconds(90) };
        await rig.RoundAsync();
        rig.Cluster.Edit("Pod", "default", "p", pod => pod["status"] = Yaml.Load(
            $"{{phase: Failed, containerStatuses: [{{name: a, state: {{terminated: {{exitCode: {container}}}}}}}]}}"));

        _backend.Set("101", JobState.Failed);
        _backend.Jobs["101"] = _backend.Jobs["101"] with { EndTime = rig.Time.GetUtcNow() + TimeSpan.FromSeconds(30), ExitCode = agent };
        await rig.RoundAsync();

        Assert.Equal("DeadlineExceeded", rig.Pod().Text("status", "reason"));
    }

    [Fact]
    public async Task A_job_whose_pod_is_gone_is_cancelled()
    {
        using var rig = new Rig(_backend);
        _backend.Jobs["7"] = new JobStatus { JobId = "7", PodUid = "gone", State = JobState.Running };

        await rig.RoundAsync();
        bool isEarly = _backend.Cancelled.Count > 0;
        await rig.PassAsync(TimeSpan.FromSeconds(11));

        Assert.False(isEarly);
        Assert.Equal(["Kill 7"], _backend.Cancelled);
    }

    [Fact]
    public async Task A_job_of_a_pod_on_a_node_not_known_yet_is_left_alone()
    {
        using var rig = new Rig(_backend);
        string uid = await rig.CreatePodAsync();
        rig.Cluster.Edit("Pod", "default", "p", pod => pod.Ensure("spec")["nodeName"] = "elsewhere");
        _backend.Jobs["7"] = new JobStatus { JobId = "7", PodUid = uid, State = JobState.Running };

        await rig.RoundAsync();
        await rig.PassAsync(TimeSpan.FromMinutes(1));

        Assert.Empty(_backend.Cancelled);
        Assert.Empty(_backend.Submitted);
    }

    [Fact]
    public async Task Simulated_pods_run_and_end_by_the_clock()
    {
        var time = new ManualTime();
        var options = new SimOptions { Partitions = ["batch"], Nodes = 2, CpusPerNode = 4, RunTime = TimeSpan.FromSeconds(10) };
        using var rig = new Rig(new SimBackend(options, time), time);
        await rig.CreatePodAsync("job");
        await rig.CreatePodAsync("server", "Always");

        await rig.RoundAsync();
        await rig.PassAsync(TimeSpan.FromSeconds(1));
        string? running = rig.Pod("job").Text("status", "phase");
        await rig.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("Running", running);
        Assert.Equal("Succeeded", rig.Pod("job").Text("status", "phase"));
        Assert.Equal("Running", rig.Pod("server").Text("status", "phase"));
        Assert.True(MiniPlane.Workloads.Status.PodConditions.IsTrue(rig.Pod("server").Object("status")!, "Ready"));
        Assert.StartsWith("127.128.", rig.Pod("server").Text("status", "podIP"), StringComparison.Ordinal);
    }

    private async Task<string> StateAfterAsync(Rig rig, string jobId, JobState state)
    {
        _backend.Set(jobId, state);
        await rig.RoundAsync();
        return Waiting(rig).Reason;
    }

    private static JsonObjectState Waiting(Rig rig)
    {
        System.Text.Json.Nodes.JsonObject container = rig.Pod().Objects("status", "containerStatuses").Single();
        return new JsonObjectState(container.TextOrEmpty("state", "waiting", "reason"), container.TextOrEmpty("state", "waiting", "message"));
    }

    private sealed record JsonObjectState(string Reason, string Message);
}
