using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Admission.PodSecurity;

/// <summary>What a namespace's <c>pod-security.kubernetes.io</c> labels ask for.</summary>
internal sealed record SecurityPolicy(SecurityLevel Enforce, SecurityLevel Warn, SecurityLevel Audit)
{
    private const string Prefix = "pod-security.kubernetes.io/";

    /// <summary>A label that is not good means the strictest level there, as upstream fails closed.</summary>
    public static SecurityPolicy Read(IReadOnlyDictionary<string, string> labels, FieldErrors errors) =>
        new(Level(labels, "enforce", errors), Level(labels, "warn", errors), Level(labels, "audit", errors));

    public static bool HasLabels(IReadOnlyDictionary<string, string> labels)
    {
        foreach (string label in labels.Keys)
        {
            if (label.StartsWith(Prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static SecurityLevel Level(IReadOnlyDictionary<string, string> labels, string mode, FieldErrors errors)
    {
        string level = SecurityLevel.Privileged;
        if (labels.TryGetValue(Prefix + mode, out string? given))
        {
            level = given;
            if (given is not (SecurityLevel.Privileged or SecurityLevel.Baseline or SecurityLevel.Restricted))
            {
                errors.Invalid($"metadata.labels[{Prefix}{mode}]", given, "must be one of privileged, baseline, restricted");
                level = mode == "enforce" ? SecurityLevel.Restricted : SecurityLevel.Privileged;
            }
        }

        int minor = 0;
        if (labels.TryGetValue($"{Prefix}{mode}-version", out string? version))
        {
            if (SecurityLevel.ParseVersion(version) is { } parsed)
            {
                minor = parsed;
            }
            else
            {
                errors.Invalid(
                    $"metadata.labels[{Prefix}{mode}-version]", version, "must be \"latest\" or \"v1.x\"");
            }
        }

        return new SecurityLevel(level, minor);
    }
}
