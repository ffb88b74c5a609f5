using System.Text.Json.Nodes;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Objects.Documents;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Tests.Pods;

/// <summary>Rules with the action RestartAllContainers (KEP 5532), in pods that run without images.</summary>
public sealed class RestartAllTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mp-anew").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task All_containers_end_and_everything_begins_anew_with_the_init_containers()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Pod("""
            {"restartPolicy":"Never","terminationGracePeriodSeconds":1000,
             "initContainers":[
              {"name":"first","image":"x","command":["/bin/sh","-c","echo first >> DIR/order; echo hello"]},
              {"name":"watcher","image":"x","restartPolicy":"Always","command":["/bin/sh","-c",
                "echo watcher >> DIR/order; [ -e DIR/again ] && exec sleep 1000; until [ -e DIR/up ]; do sleep 0.05; done; touch DIR/again; exit 88"],
               "restartPolicyRules":[{"action":"RestartAllContainers","exitCodes":{"operator":"In","values":[88]}}]}],
             "containers":[
              {"name":"done","image":"x","command":["/bin/true"]},
              {"name":"deaf","image":"x","lifecycle":{"preStop":{"exec":{"command":["/bin/touch","DIR/hook"]}}},"command":["/bin/sh","-c",
                "trap '' TERM; if [ -e DIR/again ]; then until [ -e DIR/end ]; do sleep 0.05; done; exit 0; fi; echo old; touch DIR/up; while :; do sleep 0.05; done"]}]}
            """));

        await plane.UntilAsync(_ => Last(plane, "deaf") is { } deaf && deaf.Has("state", "running") && deaf.Integer("restartCount") == 1, "it runs anew");
        FakeStream[] previous = await Task.WhenAll(Previous(plane, "first"), Previous(plane, "deaf"));
        await File.WriteAllTextAsync(Path.Combine(_directory, "end"), "");
        Assert.Equal(0, await agent.EndAsync(plane));
        await plane.UntilPhaseAsync("Succeeded");

        Assert.Equal(["first", "watcher", "first", "watcher"], await File.ReadAllLinesAsync(Path.Combine(_directory, "order")));
        Assert.False(File.Exists(Path.Combine(_directory, "hook")), "no preStop hook runs");
        Assert.Equal(["hello\n", "old\n"], previous.Select(stream => stream.Output));
        Assert.All(
            ["first", "watcher", "done", "deaf"],
            name => Assert.Equal(
                (1, 137, "RestartingAllContainers"),
                (Last(plane, name).Integer("restartCount"), Last(plane, name).Integer("lastState", "terminated", "exitCode"), Last(plane, name).Text("lastState", "terminated", "reason"))));
        Assert.Contains("Container watcher exited with code 88: all containers of the pod begin anew", plane.EventText, StringComparison.Ordinal);
        JsonObject condition = plane.Status.Objects("conditions").Single(one => one.Text("type") == "AllContainersRestarting");
        Assert.Equal(("False", "PodCompleted"), (condition.Text("status"), condition.Text("reason")));
    }

    [Fact]
    public async Task An_init_containers_rule_counts_and_what_never_ran_counts_no_restart()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Pod("""
            {"restartPolicy":"Never",
             "initContainers":[
              {"name":"first","image":"x","command":["/bin/true"]},
              {"name":"second","image":"x","restartPolicy":"Never","command":["/bin/sh","-c","[ -e DIR/again ] || { touch DIR/again; exit 3; }"],
               "restartPolicyRules":[{"action":"RestartAllContainers","exitCodes":{"operator":"In","values":[3]}}]}],
             "containers":[{"name":"main","image":"x","command":["/bin/true"]}]}
            """));

        Assert.Equal(0, await agent.EndAsync(plane));
        await plane.UntilPhaseAsync("Succeeded");

        Assert.Equal((1, 1, 0), (Restarts("first"), Restarts("second"), Restarts("main")));

        long? Restarts(string name) => Last(plane, name).Integer("restartCount");
    }

    [Fact]
    public async Task A_pod_that_is_restarted_again_and_again_backs_off()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, Pod("""
            {"containers":[
              {"name":"other","image":"x","command":["/bin/sleep","1000"]},
              {"name":"main","image":"x","restartPolicy":"Never","command":["/bin/sh","-c","exit 5"],
               "restartPolicyRules":[{"action":"RestartAllContainers","exitCodes":{"operator":"NotIn","values":[0]}}]}]}
            """));

        await plane.UntilAsync(_ => Last(plane, "main").Text("state", "waiting", "reason") == "CrashLoopBackOff", "the second restart waits");

        Assert.StartsWith("back-off 10s restarting failed container=main", Last(plane, "main").Text("state", "waiting", "message"), StringComparison.Ordinal);
        Assert.Equal("ContainerCreating", Last(plane, "other").Text("state", "waiting", "reason"));
        Assert.Equal("Pending", plane.Status.Text("phase"));

        await plane.SendAsync(new ControlMessage { Stop = new StopPod { GracePeriodSeconds = 1, Reason = "test" } });
        await agent.EndAsync(plane);
        await plane.UntilPhaseAsync("Failed");
    }

    private static Task<FakeStream> Previous(FakeControlPlane plane, string container) =>
        plane.OpenAsync(new OpenStream { Log = new LogRequest { Container = container, Previous = true } });

    private static JsonObject Last(FakeControlPlane plane, string container) =>
        plane.Status.Objects("initContainerStatuses").Concat(plane.Status.Objects("containerStatuses"))
            .FirstOrDefault(status => status.Text("name") == container) ?? [];

    private string Pod(string spec) => spec.Replace("DIR", _directory, StringComparison.Ordinal);
}
