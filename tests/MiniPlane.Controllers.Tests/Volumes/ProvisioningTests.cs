using System.Text.Json.Nodes;
using MiniPlane.Controllers.Scheduling;
using MiniPlane.Controllers.Tests.Scheduling;
using MiniPlane.Controllers.Volumes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Volumes;

public sealed class ProvisioningTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();
    private readonly string _root = Directory.CreateTempSubdirectory("mp-volumes").FullName;

    public Task InitializeAsync() => _rig.StartAsync(
        context => new StorageClassesController(context, new ClusterControllersOptions
        {
            StorageRoots =
            [
                new StorageRoot("home", Path.Combine(_root, "home")) { IsDefault = true },
                new StorageRoot("kept", Path.Combine(_root, "kept")) { ReclaimPolicy = "Retain" },
                new StorageRoot("node-local", Path.Combine(_root, "local")) { IsNodeLocal = true },
            ],
        }),
        context => new ClaimController(context),
        context => new VolumeController(context),
        context => new ClaimProtectionController(context),
        context => new VolumeProtectionController(context),
        context => new EphemeralVolumeController(context),
        context => new PassThroughScheduler(context));

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task A_claim_of_a_built_in_class_gets_a_private_directory_that_goes_with_it()
    {
        string path = await BindAsync("home");
        await File.WriteAllTextAsync(Path.Combine(path, "result"), "42");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));

        await _rig.DeleteAsync("PersistentVolumeClaim", "default", "data");

        await _rig.UntilAsync(() => _rig.Cluster.All("PersistentVolume").Count == 0, "the volume is gone");
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public async Task Retained_data_stays_when_claim_and_volume_are_deleted()
    {
        string path = await BindAsync("kept");

        await _rig.DeleteAsync("PersistentVolumeClaim", "default", "data");
        await _rig.UntilAsync(() => _rig.Cluster.All("PersistentVolume").Single().ToJson().Text("status", "phase") == "Released", "it is released");
        await _rig.DeleteAsync("PersistentVolume", "", _rig.Cluster.All("PersistentVolume").Single().Metadata.Name);

        await _rig.UntilAsync(() => _rig.Cluster.All("PersistentVolume").Count == 0, "the volume is gone");
        Assert.True(Directory.Exists(path));
    }

    [Fact]
    public async Task A_claim_without_a_class_gets_the_default_one()
    {
        JsonObject claim = VolumeMake.Claim("data");
        claim["spec"]!.AsObject().Remove("storageClassName");
        await _rig.UntilAsync(() => _rig.Cluster.All("StorageClass").Count == 3, "the classes are there");

        await _rig.CreateAsync("PersistentVolumeClaim", claim);

        await UntilBoundAsync();
        Assert.Equal("home", _rig.Cluster.Find("PersistentVolumeClaim", "default", "data")!.ToJson().Text("spec", "storageClassName"));
    }

    [Fact]
    public async Task A_claim_that_comes_to_ask_for_more_gets_it()
    {
        await BindAsync("home");

        _rig.Cluster.Edit("PersistentVolumeClaim", "default", "data", claim => claim.Ensure("spec", "resources", "requests")["storage"] = "5Gi");

        await _rig.UntilAsync(() => _rig.Status("PersistentVolumeClaim", "data").Text("capacity", "storage") == "5Gi", "it has grown");
        await _rig.UntilAsync(() => _rig.EventLines("VolumeResizeSuccessful").Any(), "the event is written");
    }

    [Fact]
    public async Task A_claim_in_use_is_deleted_only_after_its_pod()
    {
        await BindAsync("home");
        _rig.Cluster.Edit("PersistentVolumeClaim", "default", "data", claim =>
            claim.Ensure("metadata")["finalizers"] = new JsonArray("kubernetes.io/pvc-protection"));
        await _rig.CreateAsync("Pod", VolumeMake.PodWith("user", "data", node: "debug"));

        await _rig.DeleteAsync("PersistentVolumeClaim", "default", "data");
        await _rig.SettleAsync();
        bool wasThere = _rig.Cluster.Find("PersistentVolumeClaim", "default", "data") is not null;
        _rig.Finish("user", "Succeeded");

        await _rig.UntilAsync(() => _rig.Cluster.Find("PersistentVolumeClaim", "default", "data") is null, "it goes with the pod");
        Assert.True(wasThere);
    }

    [Fact]
    public async Task A_node_local_volume_is_made_where_the_pod_goes_and_the_pod_waits_for_it()
    {
        await _rig.CreateAsync("Node", PlacementTests.NodeJson("debug", """{ "kubernetes.io/hostname": "debug" }"""));
        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("data", "node-local"));

        await _rig.CreateAsync("Pod", VolumeMake.PodWith("user", "data"));

        await _rig.UntilAsync(() => Pod("user").Text("spec", "nodeName") == "debug", "it is placed");
        JsonObject volume = _rig.Cluster.All("PersistentVolume").Single().ToJson();
        Assert.Equal("debug", volume.Objects("spec", "nodeAffinity", "required", "nodeSelectorTerms").Single()
            .Objects("matchExpressions").Single().Texts("values").Single());
        Assert.Equal("DirectoryOrCreate", volume.Text("spec", "hostPath", "type"));
    }

    [Fact]
    public async Task A_pod_with_a_missing_claim_says_so_and_is_placed_when_it_is_bound()
    {
        await _rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}"));
        await _rig.CreateAsync("Pod", VolumeMake.PodWith("user", "data"));
        await _rig.UntilAsync(() => _rig.EventLines("FailedScheduling").Any(), "it says why");

        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("data"));

        await _rig.UntilAsync(() => Pod("user").Text("spec", "nodeName") == "debug", "it is placed");
        Assert.Equal("0/1 nodes are available: persistentvolumeclaim \"data\" not found.", _rig.EventLines("FailedScheduling").First());
    }

    [Fact]
    public async Task An_ephemeral_volume_gets_a_claim_of_the_pods_own()
    {
        await _rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}"));
        JsonObject pod = Make.Pod("user");
        pod["spec"]!["volumes"] = JsonNode.Parse("""
            [ { "name": "tmp", "ephemeral": { "volumeClaimTemplate": { "metadata": { "labels": { "a": "b" } }, "spec": {
                "accessModes": [ "ReadWriteOnce" ], "storageClassName": "home", "resources": { "requests": { "storage": "1Gi" } } } } } } ]
            """);

        ObjectDocument made = await _rig.CreateAsync("Pod", pod);

        await _rig.UntilAsync(() => Pod("user").Text("spec", "nodeName") == "debug", "it is placed");
        ObjectDocument claim = _rig.Cluster.Find("PersistentVolumeClaim", "default", "user-tmp")!;
        Assert.Equal(made.Metadata.Uid, claim.Metadata.Controller?.Uid);
        Assert.Equal("b", claim.Metadata.Labels["a"]);
    }

    private JsonObject Pod(string name) => _rig.Cluster.Find("Pod", "default", name)!.ToJson();

    private async Task<string> BindAsync(string storageClass)
    {
        await _rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("data", storageClass));
        await UntilBoundAsync();
        return _rig.Cluster.All("PersistentVolume").Single().ToJson().TextOrEmpty("spec", "hostPath", "path");
    }

    private async Task UntilBoundAsync() =>
        await _rig.UntilAsync(() => _rig.Status("PersistentVolumeClaim", "data").Text("phase") == "Bound", "it is bound");
}
