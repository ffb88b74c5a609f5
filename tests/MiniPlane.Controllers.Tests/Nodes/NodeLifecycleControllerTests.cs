using System.Text.Json.Nodes;
using MiniPlane.Controllers.Nodes;
using MiniPlane.Controllers.Tests.Scheduling;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Nodes;

public sealed class NodeLifecycleControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public async Task InitializeAsync()
    {
        await _rig.StartAsync(context => new NodeLifecycleController(context));
        await _rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}"));
        SetReady("True");
        await _rig.UntilAsync(() => _rig.EventLines("RegisteredNode").Any(), "the node is known");
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_cordoned_node_has_the_taint_until_it_is_uncordoned_and_keeps_its_others()
    {
        _rig.Cluster.Edit("Node", "", "debug", node => node["spec"] = JsonNode.Parse(
            """{ "unschedulable": true, "taints": [ { "key": "own", "effect": "NoSchedule" } ] }"""));
        await _rig.UntilAsync(() => Taints().SequenceEqual(["own", "node.kubernetes.io/unschedulable"]), "it is tainted");

        _rig.Cluster.Edit("Node", "", "debug", node => node.Ensure("spec").Remove("unschedulable"));

        await _rig.UntilAsync(() => Taints().SequenceEqual(["own"]), "the taint is gone");
    }

    [Fact]
    public async Task What_becomes_of_a_node_is_told()
    {
        SetReady("Unknown");
        await _rig.UntilAsync(() => _rig.EventLines("NodeNotReady").Any(), "its loss is told");

        SetReady("True");

        await _rig.UntilAsync(() => _rig.EventLines("NodeReady").Any(), "its return is told");
        Assert.Equal(["Node debug status is now: NodeNotReady"], _rig.EventLines("NodeNotReady"));
    }

    [Fact]
    public async Task A_node_that_never_spoke_is_unknown_after_a_minute()
    {
        await _rig.CreateAsync("Node", PlacementTests.NodeJson("paper", "{}"));
        await _rig.UntilAsync(
            () =>
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(10));
                return Told("paper").Length > 0;
            },
            "its conditions are set");

        Assert.Equal(["Ready Unknown", "MemoryPressure Unknown", "DiskPressure Unknown", "PIDPressure Unknown"], Told("paper"));
    }

    private string[] Told(string node) =>
    [
        .. _rig.Cluster.Find("Node", "", node)!.ToJson().Objects("status", "conditions")
            .Select(condition => $"{condition.TextOrEmpty("type")} {condition.TextOrEmpty("status")}"),
    ];

    private IEnumerable<string> Taints() =>
        _rig.Cluster.Find("Node", "", "debug")!.ToJson().Objects("spec", "taints").Select(taint => taint.TextOrEmpty("key"));

    private void SetReady(string status) => _rig.Cluster.Edit("Node", "", "debug", node => node.Ensure("status")["conditions"] =
        new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = status }));
}
