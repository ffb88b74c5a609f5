using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of pods and of every template that makes pods (pkg/apis/core/v1/defaults.go).</summary>
internal static class PodDefaults
{
    private const long GracePeriodSeconds = 30;

    private static readonly string[] ContainerLists = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>A pod has a few defaults that a template does not have: they are set only when it is made.</summary>
    public static void Pod(JsonObject pod)
    {
        JsonObject spec = pod.Ensure("spec");
        PodSpec(spec);
        spec.Default("enableServiceLinks", true);
        bool usesHostNetwork = spec.Flag("hostNetwork") == true;
        foreach (string list in (ReadOnlySpan<string>)["initContainers", "containers"])
        {
            foreach (JsonObject container in spec.Objects(list))
            {
                RequestsFromLimits(container);
                if (usesHostNetwork)
                {
                    HostPorts(container);
                }
            }
        }

        if (spec.Object("resources") is not null)
        {
            RequestsFromLimits(spec);
        }

        pod.Ensure("status");
    }

    public static void PodTemplate(JsonObject podTemplate) => Template(podTemplate.Ensure("template"));

    /// <summary>A PodTemplateSpec: metadata and spec.</summary>
    public static void Template(JsonObject template)
    {
        template.Ensure("metadata");
        PodSpec(template.Ensure("spec"));
    }

    private static void PodSpec(JsonObject spec)
    {
        foreach (JsonObject volume in spec.Objects("volumes"))
        {
            VolumeDefaults.Volume(volume);
        }

        foreach (string list in ContainerLists)
        {
            foreach (JsonObject container in spec.Objects(list))
            {
                ContainerDefaults.Container(container);
            }
        }

        spec.DefaultText("dnsPolicy", "ClusterFirst");
        spec.DefaultText("restartPolicy", "Always");
        spec.DefaultText("schedulerName", "default-scheduler");
        spec.Default("securityContext", new JsonObject());
        spec.Default("terminationGracePeriodSeconds", GracePeriodSeconds);
        MirrorServiceAccount(spec);
    }

    /// <summary>The old field <c>serviceAccount</c> always says the same as <c>serviceAccountName</c>.</summary>
    internal static void MirrorServiceAccount(JsonObject spec)
    {
        string name = spec.TextOrEmpty("serviceAccountName");
        if (name.Length == 0)
        {
            name = spec.TextOrEmpty("serviceAccount");
        }

        if (name.Length > 0)
        {
            spec["serviceAccountName"] = name;
            spec["serviceAccount"] = name;
        }
    }

    private static void RequestsFromLimits(JsonObject holder)
    {
        if (holder.Object("resources", "limits") is not { Count: > 0 } limits)
        {
            return;
        }

        JsonObject requests = holder.Ensure("resources", "requests");
        foreach ((string resource, JsonNode? limit) in limits)
        {
            if (!requests.ContainsKey(resource))
            {
                requests[resource] = limit?.DeepClone();
            }
        }
    }

    private static void HostPorts(JsonObject container)
    {
        foreach (JsonObject port in container.Objects("ports"))
        {
            port.DefaultNumber("hostPort", port.Integer("containerPort") ?? 0);
        }
    }
}
