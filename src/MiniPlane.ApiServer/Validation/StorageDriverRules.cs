using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>What storage drivers and their helpers write (pkg/apis/storage/validation).</summary>
internal static class StorageDriverRules
{
    private const int NameLimit = 63;
    private const int NodeIdLimit = 256;
    private const long ShortestToken = 600;
    private const long LongestToken = 1L << 32;

    public static void Driver(JsonObject driver, FieldErrors errors)
    {
        DriverName(driver.TextOrEmpty("metadata", "name"), "metadata.name", errors);
        JsonObject spec = driver.Object("spec") ?? [];
        errors.OneOf(spec, "fsGroupPolicy", "spec", isRequired: true, "ReadWriteOnceWithFSType", "File", "None");
        foreach (string mode in spec.Texts("volumeLifecycleModes").Where(mode => mode is not ("Persistent" or "Ephemeral")))
        {
            errors.NotSupported("spec.volumeLifecycleModes", mode, ["Ephemeral", "Persistent"]);
        }

        var audiences = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject request, FieldPath field) in Checks.Items(spec, "tokenRequests", "spec"))
        {
            if (!audiences.Add(request.TextOrEmpty("audience")))
            {
                errors.Duplicate($"{field}.audience", request.TextOrEmpty("audience"));
            }

            if (request.Integer("expirationSeconds") is { } seconds and (< ShortestToken or > LongestToken))
            {
                errors.Invalid(
                    $"{field}.expirationSeconds",
                    seconds,
                    seconds < ShortestToken ? "may not specify a duration less than 10 minutes" : "may not specify a duration larger than 2^32 seconds");
            }
        }
    }

    public static void DriverChange(JsonObject driver, JsonObject old, FieldErrors errors)
    {
        // Upstream spells the first path so.
        errors.Unchanged(driver.At("spec", "attachRequired"), old.At("spec", "attachRequired"), "spec.attachedRequired");
        errors.Unchanged(driver.At("spec", "volumeLifecycleModes"), old.At("spec", "volumeLifecycleModes"), "spec.volumeLifecycleModes");
    }

    public static void Node(JsonObject node, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject driver, FieldPath field) in Checks.Items(node.Object("spec"), "drivers", "spec"))
        {
            string name = driver.TextOrEmpty("name");
            DriverName(name, $"{field}.name", errors);
            if (errors.RequiredText(driver, "nodeID", field) && driver.TextOrEmpty("nodeID").Length > NodeIdLimit)
            {
                errors.Invalid($"{field}.nodeID", driver.TextOrEmpty("nodeID"), $"must be {NodeIdLimit} characters or less");
            }

            errors.NonNegative(driver.Object("allocatable"), "count", $"{field}.allocatable");
            if (!names.Add(name))
            {
                errors.Duplicate($"{field}.name", name);
            }

            var keys = new HashSet<string>(StringComparer.Ordinal);
            foreach (string key in driver.Texts("topologyKeys"))
            {
                errors.Format(key, field, Formats.QualifiedName);
                if (!keys.Add(key))
                {
                    errors.Duplicate($"{field}.topologyKeys", key);
                }
            }
        }
    }

    public static void NodeChange(JsonObject node, JsonObject old, FieldErrors errors)
    {
        foreach (JsonObject before in old.Objects("spec", "drivers"))
        {
            JsonObject? now = node.Objects("spec", "drivers").FirstOrDefault(driver => driver.Text("name") == before.Text("name"));
            if (now is not null && !WithoutCount(now).SameAs(WithoutCount(before)))
            {
                errors.Invalid("CSINodeDriver", now, Checks.Immutable);
            }
        }
    }

    public static void Capacity(JsonObject capacity, FieldErrors errors)
    {
        errors.Format(capacity.TextOrEmpty("storageClassName"), "storageClassName", Formats.DnsSubdomain);
        foreach (string name in (ReadOnlySpan<string>)["capacity", "maximumVolumeSize"])
        {
            if (ResourceRules.Read(capacity[name]) is { Sign: < 0 } size)
            {
                errors.Invalid(name, size.ToString(), "must be greater than or equal to 0");
            }
        }

        SelectorRules.Validate(capacity["nodeTopology"], "nodeTopology", errors);
    }

    public static void CapacityChange(JsonObject capacity, JsonObject old, FieldErrors errors)
    {
        errors.Unchanged(capacity["nodeTopology"], old["nodeTopology"], "nodeTopology");
        errors.Unchanged(capacity["storageClassName"], old["storageClassName"], "storageClassName");
    }

    public static void Attachment(JsonObject attachment, FieldErrors errors)
    {
        const string Source = "spec.source";
        JsonObject spec = attachment.Object("spec") ?? [];
        DriverName(spec.TextOrEmpty("attacher"), "spec.attacher", errors);
        bool isInline = spec.Has("source", "inlineVolumeSpec");
        string? volume = spec.Text("source", "persistentVolumeName");
        if (!isInline && volume is null)
        {
            errors.Required(Source, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        }
        else if (isInline && volume is not null)
        {
            errors.Forbidden(Source, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        }
        else if (volume is not null)
        {
            errors.Format(volume, $"{Source}.persistentVolumeName", Formats.DnsSubdomain);
        }

        errors.Format(spec.TextOrEmpty("nodeName"), "spec.nodeName", Formats.DnsSubdomain);
    }

    public static void AttachmentChange(JsonObject attachment, JsonObject old, FieldErrors errors) =>
        errors.Unchanged(attachment["spec"], old["spec"], "spec");

    public static void AttributesClass(JsonObject attributes, FieldErrors errors)
    {
        DriverName(attributes.TextOrEmpty("driverName"), "driverName", errors);
        if (attributes.Object("parameters") is not { Count: > 0 })
        {
            errors.Required("parameters", "must contain at least one key/value pair");
        }

        Parameters(attributes, errors);
    }

    public static void AttributesClassChange(JsonObject attributes, JsonObject old, FieldErrors errors)
    {
        foreach (string field in (ReadOnlySpan<string>)["driverName", "parameters"])
        {
            if (!attributes[field].SameAs(old[field]))
            {
                errors.Forbidden(field, $"updates to {field} are forbidden.");
            }
        }
    }

    /// <summary>The parameters of a class: not too many, and each has a name.</summary>
    public static void Parameters(JsonObject holder, FieldErrors errors)
    {
        if (holder.Object("parameters") is { } parameters && parameters.ContainsKey(""))
        {
            errors.Invalid("parameters", "", "field can not be empty.");
        }
    }

    private static void DriverName(string name, FieldPath field, FieldErrors errors)
    {
        if (name.Length == 0)
        {
            errors.Required(field);
            return;
        }

        if (name.Length > NameLimit)
        {
            errors.TooLong(field, NameLimit);
        }

        // Names of drivers may have capitals; otherwise they are domain names.
        errors.Format(name.ToLowerInvariant(), field, Formats.DnsSubdomain);
    }

    // How many volumes a node can take may be measured again.
    private static JsonObject WithoutCount(JsonObject driver)
    {
        var copy = (JsonObject)driver.DeepClone();
        copy.Remove("allocatable");
        return copy;
    }
}
