using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>A pod's volumes.</summary>
internal static class VolumeRules
{
    private static readonly string[] HostPathTypes =
        ["", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"];

    /// <summary>Checks <c>volumes</c> and returns the names that containers may mount.</summary>
    public static HashSet<string> Validate(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject volume, FieldPath field) in Checks.Items(spec, "volumes", path))
        {
            Source(volume, field, errors);
            string name = volume.TextOrEmpty("name");
            if (name.Length == 0)
            {
                errors.Required($"{field}.name");
            }
            else if (errors.Format(name, $"{field}.name", Formats.DnsLabel) && !names.Add(name))
            {
                errors.Duplicate($"{field}.name", name);
            }
        }

        return names;
    }

    /// <summary>A path below a volume: not absolute, no way back up.</summary>
    public static void RelativePath(string value, FieldPath field, FieldErrors errors)
    {
        if (value.StartsWith('/'))
        {
            errors.Invalid(field, value, "must be a relative path");
        }

        NoBackSteps(value, field, errors);
    }

    public static void NoBackSteps(string value, FieldPath field, FieldErrors errors)
    {
        if (value.Contains("..", StringComparison.Ordinal) && value.Split('/').Contains("..", StringComparer.Ordinal))
        {
            errors.Invalid(field, value, "must not contain '..'");
        }
    }

    private static void Source(JsonObject volume, FieldPath path, FieldErrors errors)
    {
        string? first = null;
        foreach ((string name, JsonNode? value) in volume)
        {
            if (name == "name" || value is not JsonObject source)
            {
                continue;
            }

            if (first is not null)
            {
                errors.Forbidden($"{path}.{name}", "may not specify more than 1 volume type");
                continue;
            }

            first = name;
            Source(name, source, $"{path}.{name}", errors);
        }

        if (first is null)
        {
            errors.Required(path, "must specify a volume type");
        }
    }

    private static void Source(string name, JsonObject source, FieldPath path, FieldErrors errors)
    {
        switch (name)
        {
            case "hostPath":
                HostPath(source, path, errors);
                break;
            case "secret":
                errors.RequiredText(source, "secretName", path);
                Files(source, path, errors);
                break;
            case "configMap":
                errors.RequiredText(source, "name", path);
                Files(source, path, errors);
                break;
            case "persistentVolumeClaim":
                errors.RequiredText(source, "claimName", path);
                break;
            case "nfs":
                errors.RequiredText(source, "server", path);
                if (errors.RequiredText(source, "path", path) && !source.TextOrEmpty("path").StartsWith('/'))
                {
                    errors.Invalid($"{path}.path", source.TextOrEmpty("path"), "must be an absolute path");
                }

                break;
            case "csi":
                errors.RequiredText(source, "driver", path);
                break;
            case "downwardAPI":
                Mode(source, "defaultMode", path, errors);
                DownwardItems(source, path, errors);
                break;
            case "projected":
                Projected(source, path, errors);
                break;
            case "ephemeral" when !source.Has("volumeClaimTemplate"):
                errors.Required($"{path}.volumeClaimTemplate");
                break;
            default:
                break;
        }
    }

    /// <summary>A hostPath of a pod's or a persistent volume.</summary>
    public static void HostPath(JsonObject source, FieldPath path, FieldErrors errors)
    {
        if (errors.RequiredText(source, "path", path))
        {
            NoBackSteps(source.TextOrEmpty("path"), $"{path}.path", errors);
        }

        string type = source.TextOrEmpty("type");
        if (!HostPathTypes.Contains(type, StringComparer.Ordinal))
        {
            errors.NotSupported($"{path}.type", type, HostPathTypes);
        }
    }

    private static void Projected(JsonObject source, FieldPath path, FieldErrors errors)
    {
        Mode(source, "defaultMode", path, errors);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject part, FieldPath field) in Checks.Items(source, "sources", path))
        {
            foreach (string name in (ReadOnlySpan<string>)["secret", "configMap"])
            {
                if (part.Object(name) is { } files)
                {
                    errors.RequiredText(files, "name", $"{field}.{name}");
                    Items(files, $"{field}.{name}", taken, errors);
                }
            }

            if (part.Object("downwardAPI") is { } downward)
            {
                DownwardItems(downward, $"{field}.downwardAPI", errors);
            }

            if (part.Object("serviceAccountToken") is { } token)
            {
                Token(token, $"{field}.serviceAccountToken", errors);
            }

            if (part.All(item => item.Value is null))
            {
                errors.Required(field, "must specify one of: `secret`, `configMap`, `downwardAPI`, `serviceAccountToken`, `clusterTrustBundle` or `podCertificate`");
            }
        }
    }

    private static void Token(JsonObject token, FieldPath path, FieldErrors errors)
    {
        if (token.Integer("expirationSeconds") is < 600 and long seconds)
        {
            errors.Invalid($"{path}.expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
        }

        if (errors.RequiredText(token, "path", path))
        {
            RelativePath(token.TextOrEmpty("path"), $"{path}.path", errors);
        }
    }

    private static void Files(JsonObject source, FieldPath path, FieldErrors errors)
    {
        Mode(source, "defaultMode", path, errors);
        Items(source, path, [], errors);
    }

    private static void Items(JsonObject source, FieldPath path, HashSet<string> taken, FieldErrors errors)
    {
        foreach ((JsonObject item, FieldPath field) in Checks.Items(source, "items", path))
        {
            errors.RequiredText(item, "key", field);
            if (errors.RequiredText(item, "path", field))
            {
                string place = item.TextOrEmpty("path");
                RelativePath(place, $"{field}.path", errors);
                if (!taken.Add(place))
                {
                    errors.Invalid(path, source.TextOrEmpty("name"), $"conflicting duplicate paths: {place}");
                }
            }

            Mode(item, "mode", field, errors);
        }
    }

    private static void DownwardItems(JsonObject source, FieldPath path, FieldErrors errors)
    {
        foreach ((JsonObject item, FieldPath field) in Checks.Items(source, "items", path))
        {
            if (errors.RequiredText(item, "path", field))
            {
                RelativePath(item.TextOrEmpty("path"), $"{field}.path", errors);
            }

            if (item.Object("fieldRef") is { } reference)
            {
                EnvironmentRules.FieldReference(reference, $"{field}.fieldRef", isVolume: true, errors);
                if (item.Has("resourceFieldRef"))
                {
                    errors.Invalid(field, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
                }
            }
            else if (item.Object("resourceFieldRef") is { } resource)
            {
                EnvironmentRules.ResourceReference(resource, $"{field}.resourceFieldRef", isVolume: true, errors);
            }
            else
            {
                errors.Required(field, "one of fieldRef and resourceFieldRef is required");
            }

            Mode(item, "mode", field, errors);
        }
    }

    private static void Mode(JsonObject holder, string name, FieldPath path, FieldErrors errors)
    {
        if (holder.Integer(name) is { } mode and (< 0 or > 511))
        {
            errors.Invalid($"{path}.{name}", mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }
}
