using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Containers, init containers and ephemeral containers of a pod spec.</summary>
internal static class ContainerRules
{
    private static readonly string[] EphemeralForbidden =
    [
        "ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules",
    ];

    private static readonly string[] MountPropagations = ["None", "HostToContainer", "Bidirectional"];

    public static void Validate(JsonObject spec, HashSet<string> volumes, FieldPath path, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (spec.Array("containers") is not { Count: > 0 })
        {
            errors.Required($"{path}.containers");
        }

        foreach ((JsonObject container, FieldPath field) in Checks.Items(spec, "containers", path))
        {
            Common(container, volumes, field, errors);
            Unique(container, names, field, errors);
            RestartPolicyRules.Validate(container, field, errors);
            ProbeRules.Lifecycle(container, field, errors);
            ProbeRules.Probes(container, field, errors);
        }

        HostPorts(spec, "containers", path, errors);
        foreach ((JsonObject container, FieldPath field) in Checks.Items(spec, "initContainers", path))
        {
            Common(container, volumes, field, errors);
            Unique(container, names, field, errors);
            RestartPolicyRules.Validate(container, field, errors);
            InitContainer(container, field, errors);
        }

        foreach ((JsonObject container, FieldPath field) in Checks.Items(spec, "ephemeralContainers", path))
        {
            Common(container, volumes, field, errors);
            Unique(container, names, field, errors);
            Ephemeral(spec, container, field, errors);
        }
    }

    private static void Unique(JsonObject container, HashSet<string> names, FieldPath path, FieldErrors errors)
    {
        string name = container.TextOrEmpty("name");
        if (name.Length > 0 && !names.Add(name))
        {
            errors.Duplicate($"{path}.name", name);
        }
    }

    private static void Common(JsonObject container, HashSet<string> volumes, FieldPath path, FieldErrors errors)
    {
        errors.RequiredText(container, "name", path, Formats.DnsLabel);
        string image = container.TextOrEmpty("image");
        if (image.Length == 0)
        {
            errors.Required($"{path}.image");
        }
        else if (image.Trim().Length != image.Length)
        {
            errors.Invalid($"{path}.image", image, "must not have leading or trailing whitespace");
        }

        errors.OneOf(container, "terminationMessagePolicy", path, isRequired: true, "File", "FallbackToLogsOnError");
        Ports(container, path, errors);
        EnvironmentRules.Validate(container, path, errors);
        Mounts(container, volumes, path, errors);
        errors.OneOf(container, "imagePullPolicy", path, isRequired: true, "Always", "IfNotPresent", "Never");
        ResourceRules.Requirements(container.Object("resources"), $"{path}.resources", errors);
    }

    private static void InitContainer(JsonObject container, FieldPath path, FieldErrors errors)
    {
        if (container.Text("restartPolicy") == "Always")
        {
            ProbeRules.Lifecycle(container, path, errors);
            ProbeRules.Probes(container, path, errors);
            return;
        }

        foreach (string name in (ReadOnlySpan<string>)["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.Has(name))
            {
                errors.Forbidden($"{path}.{name}", "may not be set for init containers without restartPolicy=Always");
            }
        }
    }

    private static void Ephemeral(JsonObject spec, JsonObject container, FieldPath path, FieldErrors errors)
    {
        string target = container.TextOrEmpty("targetContainerName");
        if (target.Length > 0
            && !spec.Objects("containers").Concat(spec.Objects("initContainers")).Any(other => other.Text("name") == target))
        {
            errors.NotFound($"{path}.targetContainerName", target);
        }

        foreach (string name in EphemeralForbidden)
        {
            if (container[name] is not (null or JsonObject { Count: 0 } or JsonArray { Count: 0 }))
            {
                errors.Forbidden($"{path}.{name}", "cannot be set for an Ephemeral Container");
            }
        }

        foreach ((JsonObject mount, FieldPath field) in Checks.Items(container, "volumeMounts", path))
        {
            foreach (string name in (ReadOnlySpan<string>)["subPath", "subPathExpr"])
            {
                if (mount.TextOrEmpty(name).Length > 0)
                {
                    errors.Forbidden($"{field}.{name}", "cannot be set for an Ephemeral Container");
                }
            }
        }
    }

    private static void Ports(JsonObject container, FieldPath path, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject port, FieldPath field) in Checks.Items(container, "ports", path))
        {
            string name = port.TextOrEmpty("name");
            if (name.Length > 0 && errors.Format(name, $"{field}.name", Formats.PortName) && !names.Add(name))
            {
                errors.Duplicate($"{field}.name", name);
            }

            long number = port.Integer("containerPort") ?? 0;
            if (number == 0)
            {
                errors.Required($"{field}.containerPort");
            }
            else if (Formats.PortNumber(number) is { } wrong)
            {
                errors.Invalid($"{field}.containerPort", number, wrong);
            }

            if (port.Integer("hostPort") is { } host and not 0 && Formats.PortNumber(host) is { } wrongHost)
            {
                errors.Invalid($"{field}.hostPort", host, wrongHost);
            }

            errors.OneOf(port, "protocol", field, isRequired: true, "SCTP", "TCP", "UDP");
        }
    }

    private static void HostPorts(JsonObject spec, string list, FieldPath path, FieldErrors errors)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject container, FieldPath field) in Checks.Items(spec, list, path))
        {
            foreach ((JsonObject port, FieldPath portField) in Checks.Items(container, "ports", field))
            {
                if (port.Integer("hostPort") is not ({ } number and not 0))
                {
                    continue;
                }

                string key = $"{port.TextOrEmpty("protocol")}/{port.TextOrEmpty("hostIP")}/{number.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
                if (!taken.Add(key))
                {
                    errors.Duplicate($"{portField}.hostPort", key);
                }
            }
        }
    }

    private static void Mounts(JsonObject container, HashSet<string> volumes, FieldPath path, FieldErrors errors)
    {
        var places = new HashSet<string>(StringComparer.Ordinal);
        foreach ((JsonObject mount, FieldPath field) in Checks.Items(container, "volumeMounts", path))
        {
            string name = mount.TextOrEmpty("name");
            if (name.Length == 0)
            {
                errors.Required($"{field}.name");
            }
            else if (!volumes.Contains(name))
            {
                errors.NotFound($"{field}.name", name);
            }

            string place = mount.TextOrEmpty("mountPath");
            if (place.Length == 0)
            {
                errors.Required($"{field}.mountPath");
            }

            if (!places.Add(place))
            {
                errors.Invalid($"{field}.mountPath", place, "must be unique");
            }

            VolumeRules.RelativePath(mount.TextOrEmpty("subPath"), $"{field}.subPath", errors);
            VolumeRules.RelativePath(mount.TextOrEmpty("subPathExpr"), $"{field}.subPathExpr", errors);
            if (mount.TextOrEmpty("subPath").Length > 0 && mount.TextOrEmpty("subPathExpr").Length > 0)
            {
                errors.Invalid($"{field}.subPathExpr", mount.TextOrEmpty("subPathExpr"), "subPathExpr and subPath are mutually exclusive");
            }

            errors.OneOf(mount, "mountPropagation", field, isRequired: false, MountPropagations);
        }

        foreach ((JsonObject device, FieldPath field) in Checks.Items(container, "volumeDevices", path))
        {
            if (!volumes.Contains(device.TextOrEmpty("name")))
            {
                errors.NotFound($"{field}.name", device.TextOrEmpty("name"));
            }

            errors.RequiredText(device, "devicePath", field);
        }
    }
}
