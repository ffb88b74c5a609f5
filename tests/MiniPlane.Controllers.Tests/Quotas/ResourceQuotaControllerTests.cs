using MiniPlane.Controllers.Quotas;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Quotas;

public sealed class ResourceQuotaControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync(context => new ResourceQuotaController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Use_is_counted_for_what_the_quota_limits_and_given_back()
    {
        await _rig.CreateAsync("ResourceQuota", Make.Object("v1", "ResourceQuota", "q")
            .With("spec", """{ "hard": { "pods": "5", "requests.cpu": "4", "count/configmaps": "3", "secrets": "1" } }"""));
        await _rig.UntilAsync(() => Used("pods") == "0", "it is counted");

        await _rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "c"));
        await _rig.CreateAsync("Pod", Make.Object("v1", "Pod", "a").With(
            "spec", """{ "nodeName": "debug", "containers": [ { "name": "c", "resources": { "requests": { "cpu": "1500m" } } } ] }"""));
        await _rig.UntilAsync(() => Used("requests.cpu") == "1500m" && Used("count/configmaps") == "1", "it is used");
        Assert.Equal(("1", "5", "0"), (Used("pods"), _rig.Status("ResourceQuota", "q").Text("hard", "pods"), Used("secrets")));

        _rig.Finish("a", "Succeeded");
        await _rig.UntilAsync(() => Used("requests.cpu") == "0" && Used("pods") == "0", "it is given back");
    }

    private string? Used(string name) => _rig.Status("ResourceQuota", "q").Text("used", name);
}
