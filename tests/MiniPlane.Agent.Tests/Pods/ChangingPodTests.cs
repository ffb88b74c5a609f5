using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using MiniPlane.Agent.Tests.Fakes;
using MiniPlane.Objects.Documents;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Tests.Pods;

/// <summary>What happens to a pod beyond its containers' first run, with plain processes as containers.</summary>
public sealed class ChangingPodTests
{
    [Fact]
    public async Task A_container_added_to_the_running_pod_is_started_once_and_has_no_say_in_its_end()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"restartPolicy":"Always","containers":[{"name":"main","image":"x","command":["/bin/sleep","1000"]}]}
            """);
        await plane.UntilPhaseAsync("Running");

        JsonObject pod = JsonNode.Parse(plane.Assignment.PodJson.Span)!.AsObject();
        pod["spec"]!["ephemeralContainers"] = JsonNode.Parse("""[{"name":"debug","image":"x","command":["/bin/sh","-c","exit 3"]}]""");
        PodAssignment changed = plane.Assignment.Clone();
        changed.PodJson = ByteString.CopyFrom(Encoding.UTF8.GetBytes(pod.ToJsonString()));
        await plane.SendAsync(new ControlMessage { Pod = changed });
        await plane.SendAsync(new ControlMessage { Pod = changed });

        await plane.UntilAsync(
            status => status.Objects("ephemeralContainerStatuses").Any(container => container.Integer("state", "terminated", "exitCode") == 3),
            "the added container has ended");
        Assert.Equal("Running", plane.Status!.Text("phase"));
        Assert.Single(plane.Events, report => report.Reason == "Started" && report.FieldPath == "spec.ephemeralContainers{debug}");
    }

    [Fact]
    public async Task A_containers_own_rules_start_it_again_in_a_pod_that_never_restarts()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, """
            {"restartPolicy":"Never","volumes":[{"name":"data","emptyDir":{}}],
             "containers":[{"name":"main","image":"x","volumeMounts":[{"name":"data","mountPath":"/data"}],
               "command":["/bin/sh","-c","[ -e $MINIPLANE_MOUNT_DATA/x ] && exit 7; touch $MINIPLANE_MOUNT_DATA/x; exit 42"],
               "restartPolicy":"Never","restartPolicyRules":[{"action":"Restart","exitCodes":{"operator":"In","values":[42]}}]}]}
            """);

        Assert.Equal(1, await agent.EndAsync(plane));

        await plane.UntilPhaseAsync("Failed");
        JsonObject status = plane.Status.Objects("containerStatuses").First();
        Assert.Equal(1, status.Integer("restartCount"));
        Assert.Equal(42, status.Integer("lastState", "terminated", "exitCode"));
        Assert.Equal(7, status.Integer("state", "terminated", "exitCode"));
        Assert.DoesNotContain(
            "Failed",
            plane.Statuses.Where(earlier => earlier.Objects("containerStatuses").First().Integer("restartCount") == 0).Select(earlier => earlier.Text("phase")));
    }

    [Fact]
    public async Task Sidecars_stop_after_the_containers_the_last_one_first()
    {
        await using FakeControlPlane plane = await FakeControlPlane.StartAsync();
        const string Polite = """["/bin/sh","-c","trap 'exit 0' TERM; while :; do sleep 0.05; done"]""";
        await using RunningAgent agent = await RunningAgent.StartAsync(plane, $$"""
            {"terminationGracePeriodSeconds":30,
             "initContainers":[{"name":"first","image":"x","restartPolicy":"Always","command":{{Polite}} },
                               {"name":"second","image":"x","restartPolicy":"Always","command":{{Polite}} }],
             "containers":[{"name":"main","image":"x","command":{{Polite}} }]}
            """);
        await plane.UntilPhaseAsync("Running");

        await plane.SendAsync(new ControlMessage { Stop = new StopPod { GracePeriodSeconds = 30, Reason = "test" } });
        await agent.EndAsync(plane);

        await plane.UntilAsync(_ => plane.Events.Count(report => report.Reason == "Killing") == 3, "all were told");
        Assert.Equal(
            ["Stopping container main", "Stopping container second", "Stopping container first"],
            plane.Events.Where(report => report.Reason == "Killing").Select(report => report.Message));
    }
}
