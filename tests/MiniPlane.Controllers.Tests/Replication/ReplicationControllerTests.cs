using System.Text.Json.Nodes;
using MiniPlane.Controllers.Replication;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Replication;

public sealed class ReplicationControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync(
        context => new ReplicationControllerController(context), context => new ReplicaSetController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task It_makes_owns_and_counts_its_pods_by_a_plain_selector()
    {
        JsonObject json = Make.Object("v1", "ReplicationController", "old").With("spec", """{ "replicas": 2, "selector": { "app": "web" } }""");
        json["spec"]!["template"] = Make.PodTemplate();

        await _rig.CreateAsync("ReplicationController", json);

        await _rig.UntilAsync(() => _rig.Status("ReplicationController", "old").Integer("replicas") == 2, "both are counted");
        await _rig.SettleAsync();
        Assert.All(_rig.Cluster.All("Pod"), pod => Assert.Equal("ReplicationController", pod.Metadata.Controller!.Kind));
        Assert.Equal(2, _rig.Cluster.All("Pod").Count);
    }
}
