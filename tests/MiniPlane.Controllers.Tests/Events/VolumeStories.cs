using System.Text.Json.Nodes;
using MiniPlane.Controllers.Scheduling;
using MiniPlane.Controllers.Tests.Scheduling;
using MiniPlane.Controllers.Tests.Volumes;
using MiniPlane.Controllers.Volumes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Events;

/// <summary>What is done to claims and volumes, for the rows of <see cref="RecordedEventsTests"/>.</summary>
internal static class VolumeStories
{
    public static async Task RunAsync(ControllerRig rig, string story)
    {
        string root = Directory.CreateTempSubdirectory("mp-events").FullName;
        try
        {
            Task play = story switch
            {
                "Claim" => ClaimAsync(rig, root),
                "Claim pending" => PendingAsync(rig),
                _ => VolumeAsync(rig),
            };
            await play;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task ClaimAsync(ControllerRig rig, string root)
    {
        await rig.CreateAsync("StorageClass", VolumeMake.Class("late", VolumeWords.Provisioner, "WaitForFirstConsumer", root: root));
        await rig.StartAsync(context => new ClaimController(context), context => new VolumeController(context), context => new PassThroughScheduler(context));
        await rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("web", "late"));
        await rig.UntilAsync(() => rig.EventLines("WaitForFirstConsumer").Any(), "it waits");
        await rig.CreateAsync("Pod", VolumeMake.PodWith("web", "web"));
        await rig.UntilAsync(() => rig.EventLines("WaitForPodScheduled").Any(), "it waits for the pod");
        await rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}"));
        await rig.UntilAsync(() => rig.Status("PersistentVolumeClaim", "web").Text("phase") == "Bound", "it is bound");
        rig.Cluster.Edit("PersistentVolumeClaim", "default", "web", static json => json["spec"]!["resources"]!["requests"]!["storage"] = "2Gi");
        await rig.UntilAsync(() => rig.EventLines("VolumeResizeSuccessful").Any(), "it has grown");
        ObjectDocument volume = rig.Cluster.All("PersistentVolume").Single();
        rig.Cluster.Edit("PersistentVolume", "", volume.Metadata.Name, static json => json.Ensure("metadata").Remove("finalizers"));
        await rig.DeleteAsync("PersistentVolume", "", volume.Metadata.Name);
        await rig.UntilAsync(() => rig.EventLines("ClaimLost").Any(), "its volume is missed");
    }

    private static async Task PendingAsync(ControllerRig rig)
    {
        await rig.CreateAsync("StorageClass", VolumeMake.Class("disk", "example.com/disk", "Immediate"));
        await rig.CreateAsync("PersistentVolume", VolumeMake.Volume("vol", "1Gi"));
        await rig.StartAsync(context => new ClaimController(context));
        await rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("web", ""));
        JsonObject small = VolumeMake.Claim("small", "", "5Gi");
        small["spec"]!["volumeName"] = "vol";
        await rig.CreateAsync("PersistentVolumeClaim", small);
        await rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("lost", "nowhere"));
        await rig.CreateAsync("PersistentVolumeClaim", VolumeMake.Claim("other", "disk"));
        await rig.SettleAsync();
    }

    private static async Task VolumeAsync(ControllerRig rig)
    {
        await rig.StartAsync(context => new VolumeController(context));
        JsonObject volume = VolumeMake.Volume("vol", policy: "Delete");
        volume["spec"]!["claimRef"] = JsonNode.Parse("""{ "namespace": "default", "name": "gone", "uid": "u" }""");
        await rig.CreateAsync("PersistentVolume", volume);
    }
}
