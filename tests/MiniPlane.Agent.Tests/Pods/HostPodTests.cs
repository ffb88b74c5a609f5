using System.Text.Json.Nodes;
using Google.Protobuf;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;
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
    public async Task A_pod_whose_job_is_told_to_end_has_failed_even_if_its_containers_take_that_well()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"restartPolicy":"Never","containers":[{"name":"main","image":"x","command":["/bin/sh","-c","trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done"]}]}
            """);
        await plane.UntilAsync(_ => Logs(agent, "main").Contains("up", StringComparison.Ordinal), "it has said what it does on TERM");

        agent.Host.Terminate("the job got SIGTERM");

        Assert.Equal(143, await agent.EndAsync(plane));
        await plane.UntilPhaseAsync("Failed");
        Assert.Equal(0, First(plane).Integer("state", "terminated", "exitCode"));
        Assert.Equal("The pod was ended before its time: the job got SIGTERM", plane.Status.Text("message"));
    }

    [Fact]
    public async Task Readiness_follows_the_probe_and_liveness_restarts()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        string flag = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, $$$"""
            {"containers":[{"name":"main","image":"x","command":["/bin/sleep","1000"],
              "readinessProbe":{"exec":{"command":["/usr/bin/test","-e","{{{flag}}}"]},"periodSeconds":1,"timeoutSeconds":30},
              "livenessProbe":{"exec":{"command":["/usr/bin/test","!","-e","{{{flag}}}.dead"]},"periodSeconds":1,"failureThreshold":1,"timeoutSeconds":30}}]}
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

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_its_own_stream_and_no_other()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"containers":[{"name":"main","image":"x","command":["/bin/sh","-c","echo up; sleep 1000"]}]}
            """);
        await plane.UntilPhaseAsync("Running");

        FakeStream flood = await plane.BeginAsync(
            new OpenStream { Window = 100_000, Exec = new ExecRequest { Command = { "/bin/sh", "-c", "head -c 3000000 /dev/zero" }, Stdout = true } });
        await Eventually.TrueAsync(() => flood.Output.Length >= 100_000, "it sends what it may");
        FakeStream other = await plane.OpenAsync(new OpenStream { Exec = new ExecRequest { Command = { "/bin/echo", "prompt" }, Stdout = true } });
        int held = flood.Output.Length;
        await plane.SendAsync(new ControlMessage { StreamWindow = new StreamWindow { Id = flood.Id, Bytes = 5_000_000 } });
        await flood.Closed.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal("prompt\n", other.Output);
        Assert.InRange(held, 100_000, 140_000);
        Assert.Equal(3_000_000, flood.Output.Length);
    }

    [Fact]
    public async Task A_program_that_does_not_read_its_input_holds_up_nobody()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"containers":[{"name":"main","image":"x","command":["/bin/sh","-c","sleep 1000"]}]}
            """);
        await plane.UntilPhaseAsync("Running");

        FakeStream deaf = await plane.BeginAsync(
            new OpenStream { Window = 100_000, Exec = new ExecRequest { Command = { "/bin/sh", "-c", "sleep 1000" }, Stdin = true, Stdout = true } });
        var block = ByteString.CopyFrom(new byte[32 * 1024]);
        for (int sent = 0; sent < agent.Host.SayHello().StreamWindow; sent += block.Length)
        {
            await plane.SendAsync(new ControlMessage { StreamData = new StreamData { Id = deaf.Id, Data = block } });
        }

        FakeStream other = await plane.OpenAsync(new OpenStream { Exec = new ExecRequest { Command = { "/bin/echo", "prompt" }, Stdout = true } });

        Assert.Equal("prompt\n", other.Output);
    }

    [Fact]
    public async Task Those_attached_hear_what_a_program_answers_at_once_also_when_that_is_its_end()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"restartPolicy":"Never","containers":[{"name":"main","image":"x","stdin":true,"stdinOnce":true,"command":["/bin/cat"]}]}
            """);
        await plane.UntilPhaseAsync("Running");

        FakeStream attached = await plane.OpenAsync(new OpenStream { Attach = new AttachRequest { Container = "main", Stdin = true, Stdout = true } }, "typed\n");

        Assert.Equal("typed\n", attached.Output);
        Assert.Contains("Success", attached.Status, StringComparison.Ordinal);
        Assert.Equal(0, await agent.EndAsync(plane));
    }

    [Fact]
    public async Task A_container_starts_after_the_hook_of_the_one_before_it()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        string directory = Directory.CreateTempSubdirectory("mp-hook").FullName;
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"restartPolicy":"Never","terminationGracePeriodSeconds":1,"containers":[
              {"name":"proxy","image":"x","command":["/bin/sh","-c","sleep 1000"],"lifecycle":{"postStart":{"exec":{"command":["/bin/sh","-c","until [ -e DIR/go ]; do sleep 0.05; done; echo done > DIR/hook"]}}}},
              {"name":"main","image":"x","command":["/bin/sh","-c","cat DIR/hook; sleep 1000"]}]}
            """.Replace("DIR", directory, StringComparison.Ordinal));

        await plane.UntilAsync(status => status.Objects("containerStatuses").First().Has("state", "running"), "the first one runs");
        JsonObject[] before = [.. plane.Status.Objects("containerStatuses")];
        await File.WriteAllTextAsync(Path.Combine(directory, "go"), "");
        await plane.UntilAsync(_ => Logs(agent, "main").Contains("done", StringComparison.Ordinal), "the second one has seen the hook's file");
        await plane.UntilAsync(status => status.Objects("containerStatuses").All(container => container.Has("state", "running")), "both run");

        Assert.Equal((false, false), (before[0].Flag("ready"), before[0].Flag("started")));
        Assert.True(before[1].Has("state", "waiting"));
        Assert.All(plane.Status.Objects("containerStatuses"), container => Assert.Equal((true, true), (container.Flag("ready"), container.Flag("started"))));
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("SIGUSR1", 10)]
    [InlineData("SIGRTMIN+3", 37)]
    public async Task The_signal_that_the_container_names_ends_it(string name, int number)
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"restartPolicy":"Never","containers":[{"name":"main","image":"x","command":["/bin/sleep","1000"],"lifecycle":{"stopSignal":"NAME"}}]}
            """.Replace("NAME", name, StringComparison.Ordinal));
        await plane.UntilPhaseAsync("Running");

        agent.Host.Stop(new StopPod { GracePeriodSeconds = 20 });
        await agent.EndAsync(plane);
        await plane.UntilPhaseAsync("Failed");

        Assert.Equal(128 + number, First(plane).Integer("state", "terminated", "exitCode"));
    }

    private static System.Text.Json.Nodes.JsonObject First(FakeControlPlane plane) => plane.Status.Objects("containerStatuses").First();

    private static string Logs(RunningAgent agent, string container)
    {
        string path = Path.Combine(agent.Directory, "logs", container, "0.log");
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }
}
