using System.Text.Json.Nodes;
using MiniPlane.Controllers.Nodes;
using MiniPlane.Controllers.Tests.Scheduling;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Nodes;

public sealed class TaintEvictionControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public async Task InitializeAsync()
    {
        await _rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}"));
        await _rig.StartAsync(context => new TaintEvictionController(context));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_pod_that_does_not_tolerate_the_taint_goes_and_one_that_does_stays()
    {
        await CreateAsync("guest");
        await CreateAsync("friend", """[ { "key": "away", "operator": "Exists" } ]""");

        Taint("NoExecute");

        await _rig.UntilAsync(() => IsGoing("guest"), "the guest goes");
        await _rig.SettleAsync();
        Assert.False(IsGoing("friend"));
        Assert.Equal("DeletionByTaintManager", _rig.Condition("Pod", "guest", "DisruptionTarget").Text("reason"));
    }

    [Fact]
    public async Task A_pod_that_tolerates_the_taint_for_a_while_goes_after_it()
    {
        await CreateAsync("guest", """[ { "key": "away", "operator": "Exists", "tolerationSeconds": 60 } ]""");
        Taint("NoExecute");
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(59));
        await _rig.SettleAsync();
        bool wentEarly = IsGoing("guest");

        await _rig.UntilAsync(
            () =>
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(1));
                return IsGoing("guest");
            },
            "its time is up");

        Assert.False(wentEarly);
    }

    [Fact]
    public async Task A_taint_that_is_taken_away_in_time_ends_nobody()
    {
        await CreateAsync("guest", """[ { "key": "away", "operator": "Exists", "tolerationSeconds": 60 } ]""");
        Taint("NoExecute");
        await _rig.SettleAsync();

        _rig.Cluster.Edit("Node", "", "debug", node => node.Ensure("spec").Remove("taints"));

        await _rig.UntilAsync(() => _rig.EventLines("TaintManagerEviction").Any(), "it is told");
        _rig.Time.Advance(TimeSpan.FromSeconds(100));
        await _rig.SettleAsync();
        Assert.False(IsGoing("guest"));
        Assert.Equal(["Cancelling deletion of Pod default/guest"], _rig.EventLines("TaintManagerEviction"));
    }

    [Fact]
    public async Task A_taint_that_only_keeps_new_pods_away_ends_nobody()
    {
        await CreateAsync("guest");

        Taint("NoSchedule");

        await _rig.SettleAsync();
        Assert.False(IsGoing("guest"));
    }

    private bool IsGoing(string pod) => _rig.Cluster.Find("Pod", "default", pod) is not { Metadata.IsBeingDeleted: false };

    private void Taint(string effect) => _rig.Cluster.Edit("Node", "", "debug", node => node.Ensure("spec")["taints"] =
        new JsonArray(new JsonObject { ["key"] = "away", ["effect"] = effect }));

    private async Task CreateAsync(string name, string tolerations = "[]")
    {
        JsonObject pod = Make.Pod(name, node: "debug");
        pod["spec"]!["tolerations"] = JsonNode.Parse(tolerations);
        await _rig.CreateAsync("Pod", pod);
    }
}
