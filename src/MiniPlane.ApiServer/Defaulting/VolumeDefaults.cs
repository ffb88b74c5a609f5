using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of a pod's volumes and of the sources that persistent volumes share with them.</summary>
internal static class VolumeDefaults
{
    /// <summary>0644.</summary>
    private const long FileMode = 420;

    private const long TokenLifetimeSeconds = 3600;

    private static readonly string[] FileSources = ["configMap", "secret", "downwardAPI", "projected"];

    public static void Volume(JsonObject volume)
    {
        if (volume.All(field => field.Key == "name" || field.Value is null))
        {
            volume["emptyDir"] = new JsonObject();
        }

        foreach (string name in FileSources)
        {
            volume.Object(name)?.Default("defaultMode", FileMode);
        }

        Items(volume.Object("downwardAPI"));
        foreach (JsonObject source in volume.Objects("projected", "sources"))
        {
            Items(source.Object("downwardAPI"));
            source.Object("serviceAccountToken")?.Default("expirationSeconds", TokenLifetimeSeconds);
        }

        if (volume.Object("ephemeral", "volumeClaimTemplate") is { } template)
        {
            template.Ensure("metadata");
            StorageDefaults.ClaimSpec(template.Ensure("spec"));
        }

        Source(volume);
    }

    /// <summary>Sources that a PersistentVolume's spec has too.</summary>
    public static void Source(JsonObject holder)
    {
        holder.Object("hostPath")?.Default("type", "");
        holder.Object("iscsi")?.DefaultText("iscsiInterface", "default");
        if (holder.Object("rbd") is { } rbd)
        {
            rbd.DefaultText("pool", "rbd");
            rbd.DefaultText("user", "admin");
            rbd.DefaultText("keyring", "/etc/ceph/keyring");
        }

        if (holder.Object("azureDisk") is { } disk)
        {
            disk.Default("cachingMode", "ReadWrite");
            disk.Default("kind", "Shared");
            disk.Default("fsType", "ext4");
            disk.Default("readOnly", false);
        }

        if (holder.Object("scaleIO") is { } scaleIo)
        {
            scaleIo.DefaultText("storageMode", "ThinProvisioned");
            scaleIo.DefaultText("fsType", "xfs");
        }
    }

    private static void Items(JsonObject? downwardApi)
    {
        foreach (JsonObject item in downwardApi.Objects("items"))
        {
            ContainerDefaults.FieldReference(item.Object("fieldRef"));
            ContainerDefaults.ResourceReference(item.Object("resourceFieldRef"));
        }
    }
}
