using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Workloads.Agents;

/// <summary>
/// The variables that a kubelet gives containers for the services of their namespace (kubelet/envvars). Services have no
/// address of their own here, so the host is the service's name and the port the one that its pods listen on.
/// </summary>
internal static class ServiceEnvironment
{
    /// <param name="ns">The pod's namespace.</param>
    /// <param name="services">Its services.</param>
    /// <param name="links">spec.enableServiceLinks; without them only the API server's address is given.</param>
    /// <param name="apiServer">Where pods reach the API server.</param>
    /// <param name="zone">The cluster's DNS zone.</param>
    public static IReadOnlyDictionary<string, string> Build(
        string ns, IEnumerable<ObjectDocument> services, bool links, Uri? apiServer, string zone)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (ObjectDocument service in links ? services : [])
        {
            JsonObject json = service.ToJson();
            if (service.Metadata.Name == "kubernetes" && ns == "default")
            {
                continue;
            }

            string address = json.Text("spec", "clusterIP") is { Length: > 0 } ip && ip != "None"
                ? ip
                : $"{service.Metadata.Name}.{ns}.svc.{zone}";
            AddPorts(variables, service.Metadata.Name, address, [.. json.Objects("spec", "ports")]);
        }

        if (apiServer is not null)
        {
            var port = new JsonObject { ["name"] = "https", ["protocol"] = "TCP", ["port"] = apiServer.Port };
            AddPorts(variables, "kubernetes", apiServer.Host.Trim('[', ']'), [port]);
        }

        return variables;
    }

    private static void AddPorts(Dictionary<string, string> variables, string service, string address, IReadOnlyList<JsonObject> ports)
    {
        if (ports.Count == 0)
        {
            return;
        }

        string prefix = ToVariable(service);
        variables[$"{prefix}_SERVICE_HOST"] = address;
        variables[$"{prefix}_SERVICE_PORT"] = PortOf(ports[0]);
        foreach (JsonObject port in ports.Where(port => port.TextOrEmpty("name").Length > 0))
        {
            variables[$"{prefix}_SERVICE_PORT_{ToVariable(port.TextOrEmpty("name"))}"] = PortOf(port);
        }

        for (int i = 0; i < ports.Count; i++)
        {
            string protocol = ports[i].Text("protocol") ?? "TCP";
            string number = PortOf(ports[i]);
            string url = $"{protocol.ToLowerInvariant()}://{(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address)}:{number}";
            string name = $"{prefix}_PORT_{number}_{protocol}";
            if (i == 0)
            {
                variables[$"{prefix}_PORT"] = url;
            }

            variables[name] = url;
            variables[$"{name}_PROTO"] = protocol.ToLowerInvariant();
            variables[$"{name}_PORT"] = number;
            variables[$"{name}_ADDR"] = address;
        }
    }

    /// <summary>The target port where it is a number: nothing stands between client and pod that could turn one into the other.</summary>
    private static string PortOf(JsonObject port) =>
        (port.Integer("targetPort") ?? port.Integer("port") ?? 0).ToString(CultureInfo.InvariantCulture);

    private static string ToVariable(string name) => name.ToUpperInvariant().Replace('-', '_');
}
