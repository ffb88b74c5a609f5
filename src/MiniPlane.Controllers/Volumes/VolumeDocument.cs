using System.Text.Json.Nodes;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Volumes;

/// <summary>The PersistentVolume for a directory that was made for a claim. Pure.</summary>
internal static class VolumeDocument
{
    public static JsonObject Make(ObjectDocument claim, ObjectDocument storageClass, string name, string path, ObjectDocument? node)
    {
        StorageClass settings = storageClass.AsStorageClass();
        var metadata = new JsonObject
        {
            ["name"] = name,
            ["annotations"] = new JsonObject { [VolumeWords.ProvisionedBy] = VolumeWords.Provisioner },
        };
        if (settings.ReclaimPolicy == "Delete")
        {
            metadata["finalizers"] = new JsonArray(VolumeWords.DataProtection);
        }

        var spec = new JsonObject
        {
            ["capacity"] = new JsonObject { ["storage"] = claim.AsClaim().Request.ToString() },
            ["accessModes"] = Strings(claim.AsClaim().Spec.AccessModes),
            ["persistentVolumeReclaimPolicy"] = settings.ReclaimPolicy,
            ["storageClassName"] = storageClass.Metadata.Name,
            ["volumeMode"] = claim.AsClaim().Spec.VolumeMode,
            ["hostPath"] = new JsonObject { ["path"] = path, ["type"] = "DirectoryOrCreate" },
            ["claimRef"] = VolumeStatus.Reference(claim),
        };
        if (settings.MountOptions.Count > 0)
        {
            spec["mountOptions"] = Strings(settings.MountOptions);
        }

        if (node is not null)
        {
            spec["nodeAffinity"] = OnlyOn(node);
        }

        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "PersistentVolume", ["metadata"] = metadata, ["spec"] = spec };
    }

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static JsonObject OnlyOn(ObjectDocument node) => new()
    {
        ["required"] = new JsonObject
        {
            ["nodeSelectorTerms"] = new JsonArray(new JsonObject
            {
                ["matchExpressions"] = new JsonArray(new JsonObject
                {
                    ["key"] = "kubernetes.io/hostname",
                    ["operator"] = "In",
                    ["values"] = new JsonArray(node.Metadata.Labels.GetValueOrDefault("kubernetes.io/hostname", node.Metadata.Name)),
                }),
            }),
        },
    };
}
