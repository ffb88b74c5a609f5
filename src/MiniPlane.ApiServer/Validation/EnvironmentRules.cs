using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Environment variables of a container and the downward API's references.</summary>
internal static class EnvironmentRules
{
    private static readonly string[] EnvironmentFields =
    [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP",
        "status.hostIPs", "status.podIP", "status.podIPs",
    ];

    private static readonly string[] VolumeFields =
        ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

    private static readonly string[] Resources =
    [
        "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory",
    ];

    private static readonly string[] Sources =
        ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];

    public static void Validate(JsonObject container, FieldPath path, FieldErrors errors)
    {
        foreach ((JsonObject variable, FieldPath field) in Checks.Items(container, "env", path))
        {
            errors.RequiredText(variable, "name", field, Formats.EnvironmentName);
            if (variable.Object("valueFrom") is { } source)
            {
                Source(variable, source, $"{field}.valueFrom", errors);
            }
        }

        foreach ((JsonObject source, FieldPath field) in Checks.Items(container, "envFrom", path))
        {
            errors.OptionalText(source, "prefix", field, Formats.EnvironmentName);
            EnvironmentSource(source, field, errors);
        }
    }

    /// <summary>A fieldRef in a variable or, with other allowed paths, in a volume.</summary>
    public static void FieldReference(JsonObject reference, FieldPath path, bool isVolume, FieldErrors errors)
    {
        string field = reference.TextOrEmpty("fieldPath");
        if (reference.TextOrEmpty("apiVersion").Length == 0)
        {
            errors.Required($"{path}.apiVersion");
        }
        else if (field.Length == 0)
        {
            errors.Required($"{path}.fieldPath");
        }
        else if (!IsSubscript(field) && !(isVolume ? VolumeFields : EnvironmentFields).Contains(field, StringComparer.Ordinal))
        {
            errors.NotSupported($"{path}.fieldPath", field, isVolume ? VolumeFields : EnvironmentFields);
        }
    }

    public static void ResourceReference(JsonObject reference, FieldPath path, bool isVolume, FieldErrors errors)
    {
        string resource = reference.TextOrEmpty("resource");
        if (isVolume && reference.TextOrEmpty("containerName").Length == 0)
        {
            errors.Required($"{path}.containerName");
        }
        else if (resource.Length == 0)
        {
            errors.Required($"{path}.resource");
        }
        else if (!Resources.Contains(resource, StringComparer.Ordinal)
            && !resource.StartsWith("limits.hugepages-", StringComparison.Ordinal)
            && !resource.StartsWith("requests.hugepages-", StringComparison.Ordinal))
        {
            errors.NotSupported($"{path}.resource", resource, Resources);
        }
    }

    private static void Source(JsonObject variable, JsonObject source, FieldPath path, FieldErrors errors)
    {
        int count = Sources.Count(name => source.Has(name));
        if (source.Object("fieldRef") is { } field)
        {
            FieldReference(field, $"{path}.fieldRef", isVolume: false, errors);
        }

        if (source.Object("resourceFieldRef") is { } resource)
        {
            ResourceReference(resource, $"{path}.resourceFieldRef", isVolume: false, errors);
        }

        foreach (string name in (ReadOnlySpan<string>)["configMapKeyRef", "secretKeyRef"])
        {
            if (source.Object(name) is { } key)
            {
                errors.RequiredText(key, "name", $"{path}.{name}");
                errors.RequiredText(key, "key", $"{path}.{name}", Formats.ConfigKey);
            }
        }

        if (count == 0)
        {
            errors.Invalid(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`");
        }
        else if (variable.TextOrEmpty("value").Length > 0)
        {
            errors.Invalid(path, "", "may not be specified when `value` is not empty");
        }
        else if (count > 1)
        {
            errors.Invalid(path, "", "may not have more than one field specified at a time");
        }
    }

    private static void EnvironmentSource(JsonObject source, FieldPath path, FieldErrors errors)
    {
        int count = 0;
        foreach (string name in (ReadOnlySpan<string>)["configMapRef", "secretRef"])
        {
            if (source.Object(name) is { } reference)
            {
                count++;
                errors.RequiredText(reference, "name", $"{path}.{name}", Formats.DnsSubdomain);
            }
        }

        if (count == 0)
        {
            errors.Invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
        }
        else if (count > 1)
        {
            errors.Invalid(path, "", "may not have more than one field specified at a time");
        }
    }

    // metadata.labels['key'] and metadata.annotations['key'] name one entry.
    private static bool IsSubscript(string field) =>
        field.EndsWith("']", StringComparison.Ordinal)
        && (field.StartsWith("metadata.labels['", StringComparison.Ordinal)
            || field.StartsWith("metadata.annotations['", StringComparison.Ordinal));
}
