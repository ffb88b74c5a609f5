using System.Text.Json.Nodes;
using MiniPlane.Controllers.Leases;
using MiniPlane.Controllers.Runtime;

namespace MiniPlane.Controllers.Tests.Leases;

public sealed class ExpiredLeaseControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync(context => new ExpiredLeaseController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task The_lease_of_an_api_server_that_is_gone_is_removed_and_no_other()
    {
        await _rig.CreateAsync("Lease", Lease("apiserver-1").Labels(("apiserver.kubernetes.io/identity", "kube-apiserver")));
        await _rig.CreateAsync("Lease", Lease("operator"));
        await _rig.SettleAsync();
        bool wasThere = _rig.Cluster.Find("Lease", "kube-system", "apiserver-1") is not null;

        _rig.Time.Advance(TimeSpan.FromHours(2));

        await _rig.UntilAsync(() => _rig.Cluster.Find("Lease", "kube-system", "apiserver-1") is null, "it is removed");
        Assert.True(wasThere);
        Assert.NotNull(_rig.Cluster.Find("Lease", "kube-system", "operator"));
    }

    private JsonObject Lease(string name) => Make.Object("coordination.k8s.io/v1", "Lease", name, "kube-system").With(
        "spec", $$"""{ "holderIdentity": "x", "leaseDurationSeconds": 3600, "renewTime": "{{ApiTime.Format(_rig.Time.GetUtcNow())}}" }""");
}
