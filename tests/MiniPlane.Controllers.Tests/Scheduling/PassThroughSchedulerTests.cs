using System.Text.Json.Nodes;
using MiniPlane.Controllers.Scheduling;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Scheduling;

public sealed class PassThroughSchedulerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync(context => new PassThroughScheduler(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_pending_pod_is_bound_and_told_of_it()
    {
        await _rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}"));

        await _rig.CreateAsync("Pod", Make.Pod("a"));

        await _rig.UntilAsync(() => NodeOf("a") == "debug", "it is bound");
        await _rig.UntilAsync(() => _rig.EventLines("Scheduled").Any(), "the event is written");
        Assert.Equal(["Successfully assigned default/a to debug"], _rig.EventLines("Scheduled"));
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_says_why_and_is_bound_when_a_node_comes()
    {
        await _rig.CreateAsync("Pod", Make.Pod("a"));
        await _rig.UntilAsync(() => Scheduled("a").Text("message") == "no nodes available to schedule pods", "it says why");
        await _rig.UntilAsync(() => _rig.EventLines("FailedScheduling").Any(), "the event is written");
        string? reason = Scheduled("a").Text("reason");

        await _rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}"));

        await _rig.UntilAsync(() => NodeOf("a") == "debug", "it is bound");
        Assert.Equal("Unschedulable", reason);
    }

    [Fact]
    public async Task Pods_of_another_scheduler_and_gated_pods_are_left_alone()
    {
        await _rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}"));
        JsonObject foreign = Make.Pod("foreign");
        foreign["spec"]!["schedulerName"] = "volcano";
        JsonObject gated = Make.Pod("gated");
        gated["spec"]!["schedulingGates"] = JsonNode.Parse("""[ { "name": "example.com/hold" } ]""");
        await _rig.CreateAsync("Pod", foreign);
        await _rig.CreateAsync("Pod", gated);

        await _rig.UntilAsync(() => Scheduled("gated").Text("reason") == "SchedulingGated", "the gate is told");
        await _rig.SettleAsync();

        Assert.Equal(("", ""), (NodeOf("foreign"), NodeOf("gated")));
        Assert.Null(Scheduled("foreign"));
    }

    [Fact]
    public async Task A_pod_with_a_node_name_is_left_as_it_is()
    {
        await _rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}"));

        await _rig.CreateAsync("Pod", Make.Pod("a", node: "elsewhere"));
        await _rig.SettleAsync();

        Assert.Equal("elsewhere", NodeOf("a"));
    }

    private string NodeOf(string pod) => _rig.Cluster.Find("Pod", "default", pod)!.ToJson().TextOrEmpty("spec", "nodeName");

    private JsonObject? Scheduled(string pod) => _rig.Condition("Pod", pod, "PodScheduled");
}
