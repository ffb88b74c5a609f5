using System.Text.Json.Nodes;
using MiniPlane.Controllers.Volumes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Volumes;

public sealed class ClaimBindingTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync(
        context => new ClaimController(context), context => new VolumeController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task The_smallest_volume_that_suits_is_bound_both_ways()
    {
        await _rig.CreateAsync("PersistentVolume", VolumeMake.Volume("large", "10Gi"));
        await _rig.CreateAsync("PersistentVolume", VolumeMake.Volume("small", "500Mi"));
        await _rig.CreateAsync("PersistentVolume", VolumeMake.Volume("right", "2Gi"));
        await _rig.UntilAsync(() => Phase("right") == "Available" && Phase("large") == "Available", "the volumes are known");

        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("data", storageClass: ""));

        await _rig.UntilAsync(() => _rig.Status("PersistentVolumeClaim", "data").Text("phase") == "Bound", "it is bound");
        JsonObject claim = Claim("data");
        Assert.Equal("right", claim.Text("spec", "volumeName"));
        Assert.Equal("2Gi", claim.Text("status", "capacity", "storage"));
        Assert.Equal("yes", claim.Text("metadata", "annotations", "pv.kubernetes.io/bind-completed"));
        Assert.Equal("data", Volume("right").Text("spec", "claimRef", "name"));
        await _rig.UntilAsync(() => Phase("right") == "Bound", "the volume says so, too");
    }

    [Fact]
    public async Task A_claim_without_class_and_volume_waits_and_says_so_until_one_comes()
    {
        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("data", storageClass: ""));
        await _rig.UntilAsync(() => _rig.EventLines("FailedBinding").Any(), "it says why");

        await _rig.CreateAsync("PersistentVolume", VolumeMake.Volume("late"));

        await _rig.UntilAsync(() => _rig.Status("PersistentVolumeClaim", "data").Text("phase") == "Bound", "it is bound");
        Assert.Equal(["no persistent volumes available for this claim and no storage class is set"], _rig.EventLines("FailedBinding"));
    }

    [Fact]
    public async Task A_volume_kept_for_a_claim_by_name_goes_to_it_and_to_nobody_else()
    {
        JsonObject kept = VolumeMake.Volume("kept");
        kept["spec"]!["claimRef"] = JsonNode.Parse("""{ "namespace": "default", "name": "mine" }""");
        await _rig.CreateAsync("PersistentVolume", kept);
        await _rig.UntilAsync(() => Phase("kept") == "Available", "it is free for its claim");

        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("other", storageClass: ""));
        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("mine", storageClass: ""));

        await _rig.UntilAsync(() => _rig.Status("PersistentVolumeClaim", "mine").Text("phase") == "Bound", "it is bound");
        await _rig.SettleAsync();
        Assert.Equal("Pending", _rig.Status("PersistentVolumeClaim", "other").Text("phase"));
    }

    [Fact]
    public async Task A_claim_that_names_a_volume_which_does_not_suit_is_told_so()
    {
        await _rig.CreateAsync("PersistentVolume", VolumeMake.Volume("small", "1Mi"));
        JsonObject claim = VolumeMake.Claim("data", storageClass: "");
        claim["spec"]!["volumeName"] = "small";

        await _rig.CreateAsync("PersistentVolumeClaim", claim);

        await _rig.UntilAsync(() => _rig.EventLines("VolumeMismatch").Any(), "it says why");
        Assert.Equal(["Cannot bind to requested volume \"small\": requested PV is too small"], _rig.EventLines("VolumeMismatch"));
    }

    [Fact]
    public async Task A_retained_volume_is_released_and_given_to_nobody_when_its_claim_goes()
    {
        await _rig.CreateAsync("PersistentVolume", VolumeMake.Volume("kept"));
        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("data", storageClass: ""));
        await _rig.UntilAsync(() => Phase("kept") == "Bound", "it is bound");

        await _rig.DeleteAsync("PersistentVolumeClaim", "default", "data");
        await _rig.UntilAsync(() => Phase("kept") == "Released", "it is released");
        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("data", storageClass: ""));
        await _rig.SettleAsync();

        Assert.Equal("Pending", _rig.Status("PersistentVolumeClaim", "data").Text("phase"));
        Assert.NotNull(_rig.Cluster.Find("PersistentVolume", "", "kept"));
    }

    [Fact]
    public async Task A_claim_whose_volume_has_gone_is_lost()
    {
        await _rig.CreateAsync("PersistentVolume", VolumeMake.Volume("gone"));
        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("data", storageClass: ""));
        await _rig.UntilAsync(() => _rig.Status("PersistentVolumeClaim", "data").Text("phase") == "Bound", "it is bound");

        await _rig.DeleteAsync("PersistentVolume", "", "gone");

        await _rig.UntilAsync(() => _rig.Status("PersistentVolumeClaim", "data").Text("phase") == "Lost", "it is lost");
        await _rig.UntilAsync(() => _rig.EventLines("ClaimLost").Any(), "the event is written");
    }

    [Fact]
    public async Task A_class_that_waits_for_a_pod_makes_nothing_until_a_node_is_chosen()
    {
        await _rig.CreateAsync("StorageClass", VolumeMake.Class("lazy", "example.com/disk", "WaitForFirstConsumer"));
        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("data", "lazy"));
        await _rig.UntilAsync(() => _rig.EventLines("WaitForFirstConsumer").Any(), "it waits");

        _rig.Cluster.Edit("PersistentVolumeClaim", "default", "data", claim =>
            claim.Ensure("metadata", "annotations")["volume.kubernetes.io/selected-node"] = "debug");

        await _rig.UntilAsync(() => _rig.EventLines("ExternalProvisioning").Any(), "the provisioner is asked");
        Assert.Equal("example.com/disk", Claim("data").Text("metadata", "annotations", "volume.kubernetes.io/storage-provisioner"));
    }

    [Fact]
    public async Task An_unknown_class_is_an_event_on_the_claim()
    {
        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("data", "nowhere"));

        await _rig.UntilAsync(() => _rig.EventLines("ProvisioningFailed").Any(), "it says why");
        Assert.Equal(["storageclass.storage.k8s.io \"nowhere\" not found"], _rig.EventLines("ProvisioningFailed"));
    }

    private string Phase(string volume) => Volume(volume).TextOrEmpty("status", "phase");

    private JsonObject Volume(string name) => _rig.Cluster.Find("PersistentVolume", "", name)!.ToJson();

    private JsonObject Claim(string name) => _rig.Cluster.Find("PersistentVolumeClaim", "default", name)!.ToJson();
}
