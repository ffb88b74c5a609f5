using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Defaulting;

/// <summary>Defaults of one container, init container or ephemeral container.</summary>
internal static class ContainerDefaults
{
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    private static readonly string[] Hooks = ["postStart", "preStop"];

    public static void Container(JsonObject container)
    {
        container.DefaultText("imagePullPolicy", PullPolicy(container.TextOrEmpty("image")));
        container.DefaultText("terminationMessagePath", "/dev/termination-log");
        container.DefaultText("terminationMessagePolicy", "File");
        container.Default("resources", new JsonObject());
        foreach (JsonObject port in container.Objects("ports"))
        {
            port.DefaultText("protocol", "TCP");
        }

        foreach (JsonObject variable in container.Objects("env"))
        {
            FieldReference(variable.Object("valueFrom", "fieldRef"));
            ResourceReference(variable.Object("valueFrom", "resourceFieldRef"));
        }

        foreach (string name in Probes)
        {
            if (container.Object(name) is { } probe)
            {
                Probe(probe);
            }
        }

        foreach (string name in Hooks)
        {
            Handler(container.Object("lifecycle", name));
        }
    }

    /// <summary>Sets the version by which a downward API path is read.</summary>
    public static void FieldReference(JsonObject? reference) => reference?.DefaultText("apiVersion", "v1");

    /// <summary>A quantity that is not set is written as "0".</summary>
    public static void ResourceReference(JsonObject? reference) => reference?.Default("divisor", "0");

    /// <summary><c>latest</c> or no tag means that the image may change under its name (parsers.ParseImageName).</summary>
    internal static string PullPolicy(string image)
    {
        int digest = image.IndexOf('@', StringComparison.Ordinal);
        string name = digest < 0 ? image : image[..digest];
        int colon = name.LastIndexOf(':');
        string tag = colon > name.LastIndexOf('/') ? name[(colon + 1)..] : "";
        return tag == "latest" || (tag.Length == 0 && digest < 0) ? "Always" : "IfNotPresent";
    }

    private static void Probe(JsonObject probe)
    {
        probe.DefaultNumber("timeoutSeconds", 1);
        probe.DefaultNumber("periodSeconds", 10);
        probe.DefaultNumber("successThreshold", 1);
        probe.DefaultNumber("failureThreshold", 3);
        Handler(probe);
        probe.Object("grpc")?.Default("service", "");
    }

    private static void Handler(JsonObject? handler)
    {
        if (handler.Object("httpGet") is { } request)
        {
            request.DefaultText("path", "/");
            request.DefaultText("scheme", "HTTP");
        }
    }
}
