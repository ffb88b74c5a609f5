using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Objects.Documents;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Tests.Pods;

public sealed class HostPodTests
{
    [Fact]
    public async Task A_pod_that_ends_well_is_succeeded_and_its_last_status_stays_in_a_file()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"restartPolicy":"Never","containers":[{"name":"main","image":"x","command":["/bin/sh","-c"],"args":["echo hello; echo bad >&2"]}]}
            """);

        Assert.Equal(0, await agent.EndAsync(plane));
        await plane.UntilPhaseAsync("Succeeded");

        Assert.Equal("Completed", First(plane).Text("state", "terminated", "reason"));
        Assert.Contains("Started: Container started", plane.EventText, StringComparison.Ordinal);
        string log = await File.ReadAllTextAsync(Path.Combine(agent.Directory, "logs", "main", "0.log"));
        Assert.Contains(" stdout F hello\n", log, StringComparison.Ordinal);
        Assert.Contains(" stderr F bad\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_container_is_started_again_at_once_and_then_backs_off()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"containers":[{"name":"main","image":"x","command":["/bin/sh","-c","exit 7"]}]}
            """);

        await plane.UntilAsync(_ => First(plane).Text("state", "waiting", "reason") == "CrashLoopBackOff", "the second failure backs off");

        Assert.Equal(1, First(plane).Integer("restartCount"));
        Assert.Equal(7, First(plane).Integer("lastState", "terminated", "exitCode"));
        Assert.StartsWith("back-off 10s restarting failed container=main pod=web_default(", First(plane).Text("state", "waiting", "message"), StringComparison.Ordinal);
        Assert.Equal("Running", plane.Status.Text("phase"));
    }

    [Fact]
    public async Task Init_containers_run_in_order_before_the_others_and_a_failed_one_ends_the_pod()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"restartPolicy":"Never",
             "initContainers":[{"name":"a","image":"x","command":["/bin/true"]},{"name":"b","image":"x","command":["/bin/false"]}],
             "containers":[{"name":"main","image":"x","command":["/bin/true"]}]}
            """);

        Assert.Equal(1, await agent.EndAsync(plane));
        await plane.UntilPhaseAsync("Failed");

        Assert.Equal("PodInitializing", First(plane).Text("state", "waiting", "reason"));
        Assert.Equal(["a", "b"], plane.Events.Where(report => report.Reason == "Started").Select(report => report.FieldPath.Split('{', '}')[1]));
    }

    [Fact]
    public async Task A_sidecar_runs_beside_the_pod_and_is_stopped_after_it()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"restartPolicy":"Never","terminationGracePeriodSeconds":5,
             "initContainers":[{"name":"side","image":"x","restartPolicy":"Always","command":["/bin/sleep","1000"]}],
             "containers":[{"name":"main","image":"x","command":["/bin/true"]}]}
            """);

        Assert.Equal(0, await agent.EndAsync(plane));
        await plane.UntilPhaseAsync("Succeeded");

        Assert.Contains("Killing: Stopping container side", plane.EventText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_asks_first_and_kills_after_the_grace_period()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"containers":[
              {"name":"polite","image":"x","command":["/bin/sh","-c","trap 'exit 3' TERM; echo up; while :; do sleep 0.05; done"]},
              {"name":"deaf","image":"x","command":["/bin/sh","-c","trap '' TERM; echo up; while :; do sleep 0.05; done"]}]}
            """);
        await plane.UntilAsync(
            _ => Logs(agent, "polite").Contains("up", StringComparison.Ordinal) && Logs(agent, "deaf").Contains("up", StringComparison.Ordinal),
            "both have said what they do on TERM");

        await plane.SendAsync(new ControlMessage { Stop = new StopPod { GracePeriodSeconds = 1, Reason = "test" } });
        await agent.EndAsync(plane);
        await plane.UntilPhaseAsync("Failed");

        Assert.Equal(3, plane.Status.Objects("containerStatuses").First().Integer("state", "terminated", "exitCode"));
        Assert.Equal(137, plane.Status.Objects("containerStatuses").Last().Integer("state", "terminated", "exitCode"));
    }

    [Fact]
    public async Task Readiness_follows_the_probe_and_liveness_restarts()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        string flag = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, $$$"""
            {"containers":[{"name":"main","image":"x","command":["/bin/sleep","1000"],
              "readinessProbe":{"exec":{"command":["/usr/bin/test","-e","{{{flag}}}"]},"periodSeconds":1},
              "livenessProbe":{"exec":{"command":["/usr/bin/test","!","-e","{{{flag}}}.dead"]},"periodSeconds":1,"failureThreshold":1}}]}
            """);
        await plane.UntilPhaseAsync("Running");
        Assert.False(First(plane).Flag("ready"));

        await File.WriteAllTextAsync(flag, "");
        await plane.UntilAsync(_ => First(plane).Flag("ready") == true, "the probe succeeds");
        await File.WriteAllTextAsync(flag + ".dead", "");
        await plane.UntilAsync(_ => First(plane).Integer("restartCount") == 1, "liveness fails");

        Assert.Contains("Killing: Container main failed liveness probe, will be restarted", plane.EventText, StringComparison.Ordinal);
        File.Delete(flag);
        File.Delete(flag + ".dead");
    }

    [Fact]
    public async Task Logs_exec_and_port_forward_ride_the_stream()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"containers":[{"name":"main","image":"x","env":[{"name":"WHO","value":"me"}],"command":["/bin/sh","-c","echo one; echo two; sleep 1000"]}]}
            """);
        await plane.UntilAsync(_ => Logs(agent, "main").Contains("two", StringComparison.Ordinal), "it has spoken");

        FakeStream log = await plane.OpenAsync(new OpenStream { Log = new LogRequest { Container = "main", TailLines = 1 } });
        FakeStream exec = await plane.OpenAsync(
            new OpenStream { Exec = new ExecRequest { Command = { "/bin/sh", "-c", "cat; echo $WHO >&2; exit 5" }, Stdin = true, Stdout = true, Stderr = true } },
            "typed");
        FakeStream missing = await plane.OpenAsync(new OpenStream { Exec = new ExecRequest { Container = "none", Command = { "x" } } });

        Assert.Equal("two\n", log.Output);
        Assert.Equal(("typed", "me\n"), (exec.Output, exec.Errors));
        Assert.Contains("\"message\":\"5\"", exec.Status, StringComparison.Ordinal);
        Assert.Equal(404, (await missing.Closed).ErrorCode);
    }

    private static System.Text.Json.Nodes.JsonObject First(FakeControlPlane plane) => plane.Status.Objects("containerStatuses").First();

    private static string Logs(RunningAgent agent, string container)
    {
        string path = Path.Combine(agent.Directory, "logs", container, "0.log");
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }
}
