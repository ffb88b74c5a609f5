using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Ingress.Tcp;

/// <summary>
/// Which Services get a TCP listener on this host: those that were NodePort or LoadBalancer and carry the annotation
/// <c>miniplane.io/expose: "true"</c>, or <c>"PORT=HOSTPORT,…"</c> to choose the ports. Pure.
/// </summary>
internal static class ExposedService
{
    public const string Annotation = "miniplane.io/expose";

    /// <summary>Where the API server remembers the type of a Service that it made headless.</summary>
    private const string OriginalType = "miniplane.io/original-service-type";

    /// <summary>Whether the Service could be exposed; what was not converted never was.</summary>
    public static bool IsCandidate(ObjectDocument service) => service.Metadata.Annotations.ContainsKey(OriginalType);

    public static bool IsWanted(ObjectDocument service) =>
        service.Metadata.Annotations.GetValueOrDefault(OriginalType) is "NodePort" or "LoadBalancer"
        && service.Metadata.Annotations.GetValueOrDefault(Annotation) is { Length: > 0 } and not "false"
        && !service.Metadata.IsBeingDeleted;

    /// <summary>The Service's TCP ports, and the port on this host that is asked for; 0 for any.</summary>
    public static IReadOnlyList<(string Port, int HostPort)> Ports(ObjectDocument service)
    {
        Dictionary<string, int> chosen = new(StringComparer.Ordinal);
        foreach (string pair in service.Metadata.Annotations.GetValueOrDefault(Annotation, "").Split(','))
        {
            string[] parts = pair.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int hostPort) && hostPort is > 0 and < 65536)
            {
                chosen[parts[0]] = hostPort;
            }
        }

        List<(string Port, int HostPort)> ports = [];
        foreach (JsonObject port in service.ToJson().Objects("spec", "ports").Where(port => port.Text("protocol") is null or "TCP"))
        {
            string number = (port.Integer("port") ?? 0).ToString(CultureInfo.InvariantCulture);
            int asked = chosen.GetValueOrDefault(port.TextOrEmpty("name"), chosen.GetValueOrDefault(number));
            ports.Add((number, asked));
        }

        return ports;
    }
}
