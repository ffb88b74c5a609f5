using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>Rows of volumes, claims and storage classes.</summary>
internal static class StoragePrinters
{
    private const string ClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    private static readonly string[] DefaultClassAnnotations =
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

    public static JsonArray PersistentVolume(JsonObject volume, DateTimeOffset now)
    {
        string claim = volume.Object("spec", "claimRef") is { } reference
            ? $"{reference.TextOrEmpty("namespace")}/{reference.TextOrEmpty("name")}"
            : "";
        return Cell.Row(
            Cell.Name(volume),
            Cell.Scalar(volume.At("spec", "capacity", "storage")),
            Modes(volume.Texts("spec", "accessModes")),
            volume.TextOrEmpty("spec", "persistentVolumeReclaimPolicy"),
            Phase(volume),
            claim,
            ClassOf(volume),
            OrUnset(volume.Text("spec", "volumeAttributesClassName")),
            volume.TextOrEmpty("status", "reason"),
            Cell.Age(volume, now),
            OrUnset(volume.Text("spec", "volumeMode")));
    }

    public static JsonArray PersistentVolumeClaim(JsonObject claim, DateTimeOffset now)
    {
        string volume = claim.TextOrEmpty("spec", "volumeName");
        bool isBound = volume.Length > 0;
        return Cell.Row(
            Cell.Name(claim),
            Phase(claim),
            volume,
            isBound ? Cell.Scalar(claim.At("status", "capacity", "storage")) : "",
            isBound ? Modes(claim.Texts("status", "accessModes")) : "",
            ClassOf(claim),
            OrUnset(claim.Text("spec", "volumeAttributesClassName")),
            Cell.Age(claim, now),
            OrUnset(claim.Text("spec", "volumeMode")));
    }

    public static JsonArray StorageClass(JsonObject storageClass, DateTimeOffset now)
    {
        bool isDefault = DefaultClassAnnotations.Any(name => storageClass.Text("metadata", "annotations", name) == "true");
        return Cell.Row(
            Cell.Name(storageClass) + (isDefault ? " (default)" : ""),
            storageClass.TextOrEmpty("provisioner"),
            storageClass.Text("reclaimPolicy") ?? "Delete",
            storageClass.Text("volumeBindingMode") ?? "Immediate",
            storageClass.Flag("allowVolumeExpansion") == true,
            Cell.Age(storageClass, now));
    }

    public static JsonArray VolumeAttachment(JsonObject attachment, DateTimeOffset now) => Cell.Row(
        Cell.Name(attachment),
        attachment.TextOrEmpty("spec", "attacher"),
        attachment.TextOrEmpty("spec", "source", "persistentVolumeName"),
        attachment.TextOrEmpty("spec", "nodeName"),
        attachment.Flag("status", "attached") == true,
        Cell.Age(attachment, now));

    public static JsonArray CsiDriver(JsonObject driver, DateTimeOffset now)
    {
        string[] audiences = [.. driver.Objects("spec", "tokenRequests").Select(token => token.TextOrEmpty("audience"))];
        string[] modes = [.. driver.Texts("spec", "volumeLifecycleModes")];
        return Cell.Row(
            Cell.Name(driver),
            driver.Flag("spec", "attachRequired") ?? true,
            driver.Flag("spec", "podInfoOnMount") ?? false,
            driver.Flag("spec", "storageCapacity") ?? false,
            audiences.Length > 0 ? string.Join(',', audiences) : Cell.Unset,
            driver.Flag("spec", "requiresRepublish") ?? false,
            modes.Length > 0 ? string.Join(',', modes) : Cell.None,
            Cell.Age(driver, now));
    }

    public static JsonArray CsiNode(JsonObject node, DateTimeOffset now) =>
        Cell.Row(Cell.Name(node), node.Array("spec", "drivers")?.Count ?? 0, Cell.Age(node, now));

    public static JsonArray VolumeAttributesClass(JsonObject attributes, DateTimeOffset now) =>
        Cell.Row(Cell.Name(attributes), attributes.TextOrEmpty("driverName"), Cell.Age(attributes, now));

    private static string Phase(JsonObject obj) =>
        obj.Has("metadata", "deletionTimestamp") ? "Terminating" : obj.TextOrEmpty("status", "phase");

    private static string ClassOf(JsonObject obj) =>
        obj.Text("metadata", "annotations", ClassAnnotation) ?? obj.TextOrEmpty("spec", "storageClassName");

    private static string OrUnset(string? text) => string.IsNullOrEmpty(text) ? Cell.Unset : text;

    private static string Modes(IEnumerable<string> modes)
    {
        HashSet<string> set = [.. modes];
        (string Mode, string Short)[] order =
            [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
        return string.Join(',', order.Where(item => set.Contains(item.Mode)).Select(item => item.Short));
    }
}
