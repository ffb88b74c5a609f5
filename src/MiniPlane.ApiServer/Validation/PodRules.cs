using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Pods and pod specs (pkg/apis/core/validation.ValidatePodSpec), in upstream's order.</summary>
internal static class PodRules
{
    private const long LargestDeadline = uint.MaxValue;

    private static readonly string[] TolerationEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    public static void Pod(JsonObject pod, FieldErrors errors) => Spec(pod.Object("spec") ?? [], "spec", errors);

    /// <summary>Containers to look inside come later, by a subresource of their own.</summary>
    public static void NewPod(JsonObject pod, FieldErrors errors)
    {
        if (pod.Array("spec", "ephemeralContainers") is { Count: > 0 })
        {
            errors.Forbidden("spec.ephemeralContainers", "cannot be set on create");
        }
    }

    /// <summary>A PodTemplateSpec.</summary>
    public static void Template(JsonObject? template, FieldPath path, FieldErrors errors)
    {
        MetadataValidation.Labels(template.At("metadata", "labels"), $"{path}.metadata.labels", errors);
        MetadataValidation.Annotations(template.At("metadata", "annotations"), $"{path}.metadata.annotations", errors);
        JsonObject spec = template.Object("spec") ?? [];
        Spec(spec, $"{path}.spec", errors);
        if (spec.Array("ephemeralContainers") is { Count: > 0 } ephemeral)
        {
            errors.Invalid($"{path}.spec.ephemeralContainers", ephemeral, "ephemeral containers not allowed in pod template");
        }
    }

    public static void Spec(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        HashSet<string> volumes = VolumeRules.Validate(spec, path, errors);
        ContainerRules.Validate(spec, volumes, path, errors);
        if (spec.Object("resources") is not null)
        {
            ResourceRules.Requirements(spec.Object("resources"), $"{path}.resources", errors);
        }

        errors.OneOf(spec, "restartPolicy", path, isRequired: true, "Always", "OnFailure", "Never");
        errors.OneOf(spec, "dnsPolicy", path, isRequired: true, "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        MetadataValidation.Labels(spec["nodeSelector"], $"{path}.nodeSelector", errors);
        HostNamespaces(spec, path, errors);
        SysctlRules.Validate(spec, $"{path}.securityContext.sysctls", errors);
        AffinityRules.Validate(spec, path, errors);
        Dns(spec, path, errors);
        Names(spec, path, errors);
        Numbers(spec, path, errors);
        Tolerations(spec, path, errors);
        HostAliases(spec, path, errors);
    }

    private static void HostNamespaces(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        if (spec.Flag("shareProcessNamespace") == true && spec.Flag("hostPID") == true)
        {
            errors.Invalid($"{path}.shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }

        int index = 0;
        foreach (string kind in (string[])["runAsUser", "runAsGroup", "fsGroup"])
        {
            if (spec.Integer("securityContext", kind) is { } id and (< 0 or > int.MaxValue))
            {
                errors.Invalid($"{path}.securityContext.{kind}", id, "must be between 0 and 2147483647, inclusive");
            }
        }

        foreach (JsonObject secret in spec.Objects("imagePullSecrets"))
        {
            if (secret.TextOrEmpty("name").Length == 0)
            {
                errors.Invalid($"{path}.imagePullSecrets[{index}]", secret, "name must not be empty");
            }

            index++;
        }
    }

    private static void Dns(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        FieldPath field = $"{path}.dnsConfig";
        if (spec.Text("dnsPolicy") == "None" && spec.Array("dnsConfig", "nameservers") is not { Count: > 0 })
        {
            errors.Required(
                spec.Has("dnsConfig") ? $"{field}.nameservers" : field,
                spec.Has("dnsConfig") ? "must provide at least one DNS nameserver when `dnsPolicy` is None"
                    : "must provide `dnsConfig` when `dnsPolicy` is None");
        }

        if (spec.Array("dnsConfig", "nameservers") is { Count: > 3 } servers)
        {
            errors.Invalid($"{field}.nameservers", servers, "must not have more than 3 nameservers");
        }

        int index = 0;
        foreach (string server in spec.Texts("dnsConfig", "nameservers"))
        {
            if (!System.Net.IPAddress.TryParse(server, out _))
            {
                errors.Invalid(
                    $"{field}.nameservers[{index}]", server, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }

            index++;
        }
    }

    private static void Names(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        errors.OptionalText(spec, "serviceAccountName", path, Formats.DnsSubdomain);
        errors.OptionalText(spec, "nodeName", path, Formats.DnsSubdomain);
        errors.OptionalText(spec, "hostname", path, Formats.DnsLabel);
        errors.OptionalText(spec, "subdomain", path, Formats.DnsLabel);
        errors.OptionalText(spec, "priorityClassName", path, Formats.DnsSubdomain);
        errors.OptionalText(spec, "runtimeClassName", path, Formats.DnsSubdomain);
        errors.OneOf(spec, "preemptionPolicy", path, isRequired: false, "PreemptLowerPriority", "Never");
        errors.OneOf(spec.Object("os"), "name", $"{path}.os", isRequired: spec.Has("os"), "linux", "windows");
        var gates = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject gate, FieldPath field) in Checks.Items(spec, "schedulingGates", path))
        {
            errors.Format(gate.TextOrEmpty("name"), $"{field}.name", Formats.QualifiedName);
            if (!gates.Add(gate.TextOrEmpty("name")))
            {
                errors.Duplicate(field, gate.TextOrEmpty("name"));
            }
        }

        foreach ((JsonObject gate, FieldPath field) in Checks.Items(spec, "readinessGates", path))
        {
            errors.Format(gate.TextOrEmpty("conditionType"), $"{field}.conditionType", Formats.QualifiedName);
        }
    }

    private static void Numbers(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        if (spec.Integer("activeDeadlineSeconds") is { } deadline and (< 1 or > LargestDeadline))
        {
            errors.Invalid($"{path}.activeDeadlineSeconds", deadline, "must be between 1 and 4294967295, inclusive");
        }

        errors.NonNegative(spec, "terminationGracePeriodSeconds", path);
    }

    public static void Tolerations(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        foreach ((JsonObject toleration, FieldPath field) in Checks.Items(spec, "tolerations", path))
        {
            string key = toleration.TextOrEmpty("key");
            string operation = toleration.TextOrEmpty("operator");
            string effect = toleration.TextOrEmpty("effect");
            if (key.Length > 0)
            {
                errors.Format(key, $"{field}.key", Formats.QualifiedName);
            }
            else if (operation != "Exists")
            {
                errors.Invalid(
                    $"{field}.operator",
                    operation,
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
            }

            if (toleration.Has("tolerationSeconds") && effect != "NoExecute")
            {
                errors.Invalid($"{field}.effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
            }

            Operator(toleration, operation, field, errors);
            if (effect.Length > 0 && !TolerationEffects.Contains(effect, StringComparer.Ordinal))
            {
                errors.NotSupported($"{field}.effect", effect, TolerationEffects);
            }
        }
    }

    private static void Operator(JsonObject toleration, string operation, FieldPath field, FieldErrors errors)
    {
        string value = toleration.TextOrEmpty("value");
        switch (operation)
        {
            case "Equal" or "":
                errors.Format(value, $"{field}.operator", Formats.LabelValue);
                break;
            case "Exists":
                if (value.Length > 0)
                {
                    errors.Invalid($"{field}.operator", toleration, "value must be empty when `operator` is 'Exists'");
                }

                break;
            default:
                errors.NotSupported($"{field}.operator", operation, ["Equal", "Exists"]);
                break;
        }
    }

    private static void HostAliases(JsonObject spec, FieldPath path, FieldErrors errors)
    {
        foreach ((JsonObject alias, FieldPath field) in Checks.Items(spec, "hostAliases", path))
        {
            if (!System.Net.IPAddress.TryParse(alias.TextOrEmpty("ip"), out _))
            {
                errors.Invalid(
                    $"{field}.ip", alias.TextOrEmpty("ip"), "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
            }

            foreach (string name in alias.Texts("hostnames"))
            {
                errors.Format(name, $"{field}.hostnames", Formats.DnsSubdomain);
            }
        }
    }
}
