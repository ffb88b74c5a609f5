using System.Text.Json.Nodes;
using MiniPlane.Controllers.Networking;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Networking;

public sealed class ServiceRangeTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public async Task InitializeAsync()
    {
        _rig.Cluster.Kinds.Add(BuiltInKinds.ServiceCIDR);
        await _rig.StartAsync(context => new ServiceRangeController(context));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task The_default_range_is_there_ready_and_comes_back()
    {
        await _rig.CreateAsync("Namespace", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "default" } });
        await _rig.UntilAsync(() => IsReady("kubernetes"), "it is ready");

        await _rig.DeleteAsync("ServiceCIDR", "", "kubernetes");

        await _rig.UntilAsync(() => IsReady("kubernetes"), "it is ready again");
    }

    [Fact]
    public async Task A_range_keeps_what_others_say_of_it()
    {
        await _rig.CreateAsync("ServiceCIDR", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "more" },
            ["spec"] = new JsonObject { ["cidrs"] = new JsonArray("10.196.196.0/24") },
            ["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Mine", ["status"] = "True" }) },
        });

        await _rig.UntilAsync(() => IsReady("more"), "it is ready");
        Assert.Equal(["Mine", "Ready"], Conditions("more").Select(condition => condition.TextOrEmpty("type")));
    }

    private bool IsReady(string name) => Conditions(name).Any(condition => condition.Text("type") == "Ready");

    private IEnumerable<JsonObject> Conditions(string name) =>
        _rig.Cluster.Find("ServiceCIDR", "", name)?.ToJson().Objects("status", "conditions") ?? [];
}
