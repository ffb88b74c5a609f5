using System.Text.Json.Nodes;

namespace MiniPlane.Controllers.Tests.Volumes;

/// <summary>Claims, volumes and classes as a user would apply them.</summary>
internal static class VolumeMake
{
    public static JsonObject Claim(string name, string storageClass = "home", string size = "1Gi", string mode = "ReadWriteOnce") =>
        Make.Object("v1", "PersistentVolumeClaim", name).With("spec", $$"""
            { "accessModes": [ "{{mode}}" ], "storageClassName": "{{storageClass}}", "resources": { "requests": { "storage": "{{size}}" } },
              "volumeMode": "Filesystem" }
            """);

    public static JsonObject Volume(string name, string size = "1Gi", string storageClass = "", string policy = "Retain") =>
        Make.Object("v1", "PersistentVolume", name, @namespace: null).With("spec", $$"""
            { "accessModes": [ "ReadWriteOnce", "ReadWriteMany" ], "storageClassName": "{{storageClass}}", "capacity": { "storage": "{{size}}" },
              "persistentVolumeReclaimPolicy": "{{policy}}", "hostPath": { "path": "/data/{{name}}" }, "volumeMode": "Filesystem" }
            """);

    public static JsonObject Class(string name, string provisioner, string mode, string reclaim = "Delete", string root = "")
    {
        JsonObject json = Make.Object("storage.k8s.io/v1", "StorageClass", name, @namespace: null);
        json["provisioner"] = provisioner;
        json["volumeBindingMode"] = mode;
        json["reclaimPolicy"] = reclaim;
        json["allowVolumeExpansion"] = true;
        json["parameters"] = new JsonObject { ["root"] = root };
        return json;
    }

    public static JsonObject PodWith(string pod, string claim, string? node = null)
    {
        JsonObject json = Make.Pod(pod, node);
        json["spec"]!["volumes"] = JsonNode.Parse($$"""[ { "name": "data", "persistentVolumeClaim": { "claimName": "{{claim}}" } } ]""");
        return json;
    }
}
