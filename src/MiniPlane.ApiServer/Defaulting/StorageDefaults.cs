using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of volumes, claims, storage classes and drivers.</summary>
internal static class StorageDefaults
{
    public static void PersistentVolume(JsonObject volume)
    {
        JsonObject spec = volume.Ensure("spec");
        spec.DefaultText("persistentVolumeReclaimPolicy", "Retain");
        spec.Default("volumeMode", "Filesystem");
        VolumeDefaults.Source(spec);
        volume.Ensure("status").DefaultText("phase", "Pending");
    }

    public static void PersistentVolumeClaim(JsonObject claim)
    {
        claim.Ensure("metadata");
        ClaimSpec(claim.Ensure("spec"));
        claim.Ensure("status").DefaultText("phase", "Pending");
    }

    /// <summary>Also of a generic ephemeral volume's template; the two data source fields say the same for a claim or a snapshot.</summary>
    public static void ClaimSpec(JsonObject spec)
    {
        spec.Default("volumeMode", "Filesystem");
        spec.Default("resources", new JsonObject());
    }

    public static void StorageClass(JsonObject storageClass)
    {
        storageClass.Default("reclaimPolicy", "Delete");
        storageClass.Default("volumeBindingMode", "Immediate");
    }

    public static void CsiDriver(JsonObject driver)
    {
        JsonObject spec = driver.Ensure("spec");
        spec.Default("attachRequired", true);
        spec.Default("podInfoOnMount", false);
        spec.Default("storageCapacity", false);
        spec.Default("fsGroupPolicy", "ReadWriteOnceWithFSType");
        spec.Default("requiresRepublish", false);
        spec.Default("seLinuxMount", false);
        if (spec.Array("volumeLifecycleModes") is not { Count: > 0 })
        {
            spec["volumeLifecycleModes"] = new JsonArray("Persistent");
        }
    }
}
