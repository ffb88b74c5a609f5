using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Volumes, claims and storage classes.</summary>
internal static class StorageRules
{
    private const string ClaimChangeText =
        "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

    private static readonly string[] AccessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

    private static readonly string[] PlainVolumeFields =
    [
        "accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity", "persistentVolumeReclaimPolicy", "storageClassName",
        "volumeAttributesClassName", "volumeMode",
    ];

    public static void PersistentVolumeClaim(JsonObject claim, FieldErrors errors) =>
        ClaimSpec(claim.Object("spec") ?? [], "spec", errors);

    public static void ClaimSpec(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        if (spec.Array("accessModes") is not { Count: > 0 })
        {
            errors.Required($"{path}.accessModes", "at least 1 access mode is required");
        }

        SelectorRules.Validate(spec["selector"], $"{path}.selector", errors);
        Modes(spec, path, errors);
        if (spec.At("resources", "requests", "storage") is not { } storage)
        {
            errors.Required($"{path}.resources[storage]");
        }
        else if (ResourceRules.Read(storage) is { Sign: <= 0 } size)
        {
            errors.Invalid($"{path}.resources[storage]", size.ToString(), "must be greater than zero");
        }

        errors.OptionalText(spec, "storageClassName", path, Formats.DnsSubdomain);
        errors.OneOf(spec, "volumeMode", path, isRequired: false, "Block", "Filesystem");
    }

    public static void ClaimChange(JsonObject claim, JsonObject old, FieldErrors errors)
    {
        JsonObject spec = claim.Object("spec") ?? [];
        JsonObject before = old.Object("spec") ?? [];
        var munged = (JsonObject)spec.DeepClone();
        bool isBound = old.Text("status", "phase") == "Bound";
        if (!before.Has("volumeName"))
        {
            munged.SetCopy("volumeName", before["volumeName"]);
        }

        if (isBound)
        {
            munged.SetCopy("resources", before["resources"]);
            munged.SetCopy("volumeAttributesClassName", before["volumeAttributesClassName"]);
        }

        // A claim may get the default class once, after it was made without one.
        if (!before.Has("storageClassName") && !isBound)
        {
            munged.SetCopy("storageClassName", before["storageClassName"]);
        }

        if (before.Has("volumeAttributesClassName") && !spec.Has("volumeAttributesClassName"))
        {
            errors.Forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden");
        }

        if (!munged.SameAs(before))
        {
            errors.Forbidden("spec", ClaimChangeText);
            return;
        }

        Quantity? now = ResourceRules.Read(spec.At("resources", "requests", "storage"));
        Quantity? capacity = ResourceRules.Read(old.At("status", "capacity", "storage"));
        if (now < ResourceRules.Read(before.At("resources", "requests", "storage")) && !(now > capacity))
        {
            errors.Forbidden("spec.resources.requests.storage", "field can not be less than status.capacity");
        }
    }

    public static void PersistentVolume(JsonObject volume, FieldErrors errors)
    {
        JsonObject spec = volume.Object("spec") ?? [];
        if (spec.Array("accessModes") is not { Count: > 0 })
        {
            errors.Required("spec.accessModes");
        }

        Modes(spec, "spec", errors);
        if (spec.Object("capacity") is not { Count: > 0 } capacity)
        {
            errors.Required("spec.capacity");
        }
        else if (!capacity.ContainsKey("storage") || capacity.Count > 1)
        {
            errors.NotSupported("spec.capacity", string.Join(", ", capacity.Select(item => item.Key)), ["storage"]);
        }

        errors.OneOf(spec, "persistentVolumeReclaimPolicy", "spec", isRequired: false, "Delete", "Recycle", "Retain");
        errors.OneOf(spec, "volumeMode", "spec", isRequired: false, "Block", "Filesystem");
        AffinityRules.NodeSelector(spec.Object("nodeAffinity", "required"), "spec.nodeAffinity.required", errors);
        string[] sources = [.. Sources(spec)];
        if (sources.Length == 0)
        {
            errors.Required("spec", "must specify a volume type");
        }

        foreach (string source in sources.Skip(1))
        {
            errors.Forbidden($"spec.{source}", "may not specify more than 1 volume type");
        }

        if (spec.Object("hostPath") is { } hostPath)
        {
            VolumeRules.HostPath(hostPath, "spec.hostPath", errors);
        }

        if (spec.Has("local") && !spec.Has("nodeAffinity"))
        {
            errors.Required("metadata.annotations", "Local volume requires node affinity");
        }

        errors.OptionalText(spec, "storageClassName", "spec", Formats.DnsSubdomain);
    }

    public static void PersistentVolumeChange(JsonObject volume, JsonObject old, FieldErrors errors)
    {
        JsonObject spec = volume.Object("spec") ?? [];
        JsonObject before = old.Object("spec") ?? [];
        if (Sources(spec).Concat(Sources(before)).Any(source => !spec[source].SameAs(before[source])))
        {
            errors.Forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation");
        }

        errors.Unchanged(spec["volumeMode"], before["volumeMode"], "spec.volumeMode");
        if (before.Has("nodeAffinity"))
        {
            errors.Unchanged(spec["nodeAffinity"], before["nodeAffinity"], "spec.nodeAffinity");
        }
    }

    public static void StorageClass(JsonObject storageClass, FieldErrors errors)
    {
        errors.RequiredText(storageClass, "provisioner", "", value => Formats.QualifiedName(value.ToLowerInvariant()));
        StorageDriverRules.Parameters(storageClass, errors);
        errors.OneOf(storageClass, "reclaimPolicy", "", isRequired: false, "Delete", "Retain");
        errors.OneOf(storageClass, "volumeBindingMode", "", isRequired: true, "Immediate", "WaitForFirstConsumer");
    }

    public static void StorageClassChange(JsonObject storageClass, JsonObject old, FieldErrors errors)
    {
        foreach (string field in (ReadOnlySpan<string>)["parameters", "provisioner", "reclaimPolicy"])
        {
            if (!storageClass[field].SameAs(old[field]))
            {
                errors.Forbidden(field, $"updates to {field} are forbidden.");
            }
        }

        errors.Unchanged(storageClass["volumeBindingMode"], old["volumeBindingMode"], "volumeBindingMode");
    }

    private static void Modes(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        string[] modes = [.. spec.Texts("accessModes")];
        foreach (string mode in modes.Where(mode => !AccessModes.Contains(mode, StringComparer.Ordinal)))
        {
            errors.NotSupported($"{path}.accessModes", mode, AccessModes);
        }

        if (modes.Length > 1 && modes.Contains("ReadWriteOncePod", StringComparer.Ordinal))
        {
            errors.Forbidden($"{path}.accessModes", "may not use ReadWriteOncePod with other access modes");
        }
    }

    private static IEnumerable<string> Sources(JsonObject spec) => spec
        .Where(field => field.Value is JsonObject && !PlainVolumeFields.Contains(field.Key, StringComparer.Ordinal))
        .Select(field => field.Key);
}
