using System.Globalization;
using System.Text;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Agent.Variables;

/// <summary>fieldRef and resourceFieldRef: facts about the pod for its own containers (the downward API).</summary>
internal static class FieldReferences
{
    /// <summary>The value of a field path; null for a path that the downward API does not have.</summary>
    public static string? Field(PodContext context, string path)
    {
        MetadataView metadata = context.Pod.Metadata;
        if (Subscript(path, "metadata.labels") is { } label)
        {
            return metadata.Labels.GetValueOrDefault(label, "");
        }

        if (Subscript(path, "metadata.annotations") is { } annotation)
        {
            return metadata.Annotations.GetValueOrDefault(annotation, "");
        }

        return path switch
        {
            "metadata.name" => metadata.Name,
            "metadata.namespace" => metadata.Namespace,
            "metadata.uid" => metadata.Uid,
            "metadata.labels" => FormatMap(metadata.Labels),
            "metadata.annotations" => FormatMap(metadata.Annotations),
            "spec.nodeName" => context.Pod.Spec.NodeName,
            "spec.serviceAccountName" => context.Pod.Spec.ServiceAccountName,
            "status.hostIP" or "status.hostIPs" => context.HostIp,
            "status.podIP" or "status.podIPs" => context.PodIp,
            _ => null,
        };
    }

    /// <summary>
    /// A container's limit or request divided by the divisor and rounded up; without a limit, what the job may use
    /// (ExtractContainerResourceValue). Null for an unknown resource.
    /// </summary>
    public static string? Resource(PodContext context, ResourceFieldRefView reference, ContainerView? container)
    {
        string name = reference.ContainerName.Length > 0 ? reference.ContainerName : container?.Name ?? "";
        ContainerView? target = context.Pod.Spec.Containers.Concat(context.Pod.Spec.InitContainers).FirstOrDefault(c => c.Name == name);
        string[] parts = reference.Resource.Split('.', 2);
        if (target is null || parts.Length != 2 || parts[0] is not ("limits" or "requests"))
        {
            return null;
        }

        SortedDictionary<string, System.Text.Json.Nodes.JsonNode> amounts =
            parts[0] == "limits" ? target.Resources.Limits : target.Resources.Requests;
        string fallback = (parts[0], parts[1]) switch
        {
            ("limits", "cpu") => context.Capacity.Cpus,
            ("limits", "memory") => context.Capacity.Memory,
            _ => "0",
        };
        Quantity amount = Parse(amounts.TryGetValue(parts[1], out System.Text.Json.Nodes.JsonNode? value) ? value.ToString() : fallback);
        Quantity divisor = Parse(reference.Divisor?.ToString() ?? "1");
        divisor = divisor.IsZero ? Parse("1") : divisor;
        double quotient = parts[1] == "cpu" ? (double)amount.MilliValue / divisor.MilliValue : (double)amount.Value / divisor.Value;
        return Math.Ceiling(quotient).ToString("0", CultureInfo.InvariantCulture);
    }

    /// <summary>key="value" lines, sorted, the value quoted as Go's %q does.</summary>
    private static string FormatMap(SortedDictionary<string, string> map)
    {
        StringBuilder text = new();
        foreach ((string key, string value) in map)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(key).Append('=').Append(Quote(value));
        }

        return text.ToString();
    }

    private static string Quote(string value)
    {
        StringBuilder text = new("\"");
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }

    private static Quantity Parse(string text) => Quantity.TryParse(text, out Quantity quantity, out _) ? quantity : Quantity.Zero;

    private static string? Subscript(string path, string map) =>
        path.StartsWith($"{map}['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal)
            ? path[(map.Length + 2)..^2]
            : null;
}
