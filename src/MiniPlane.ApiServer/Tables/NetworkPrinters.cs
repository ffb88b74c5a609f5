using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>Rows of services, endpoints and ingresses.</summary>
internal static class NetworkPrinters
{
    private const int MostShown = 3;

    public static JsonArray Service(JsonObject service, DateTimeOffset now)
    {
        string type = service.TextOrEmpty("spec", "type");
        string address = service.Texts("spec", "clusterIPs").FirstOrDefault() ?? service.TextOrEmpty("spec", "clusterIP");
        return Cell.Row(
            Cell.Name(service),
            type,
            type == "ExternalName" ? Cell.None : Cell.OrNone(address),
            External(service, type),
            Cell.Joined(service.Objects("spec", "ports").Select(Port)),
            Cell.Age(service, now),
            Cell.Labels(service.TextMap("spec", "selector")));
    }

    public static JsonArray Endpoints(JsonObject endpoints, DateTimeOffset now) =>
        Cell.Row(Cell.Name(endpoints), Shortened([.. Addresses(endpoints)], Cell.None), Cell.Age(endpoints, now));

    public static JsonArray EndpointSlice(JsonObject slice, DateTimeOffset now)
    {
        string[] ports =
            [.. slice.Objects("ports").Select(port => port.Integer("port") is { } number ? Cell.Number(number) : "*")];
        string[] addresses = [.. slice.Objects("endpoints").SelectMany(endpoint => endpoint.Texts("addresses"))];
        return Cell.Row(
            Cell.Name(slice),
            slice.TextOrEmpty("addressType"),
            Shortened(ports, Cell.Unset),
            Shortened(addresses, Cell.Unset),
            Cell.Age(slice, now));
    }

    public static JsonArray Ingress(JsonObject ingress, DateTimeOffset now)
    {
        string[] hosts = [.. ingress.Objects("spec", "rules").Select(rule => rule.TextOrEmpty("host")).Where(host => host.Length > 0)];
        IEnumerable<string> addresses = ingress.Objects("status", "loadBalancer", "ingress")
            .Select(point => point.Text("ip") is { Length: > 0 } ip ? ip : point.TextOrEmpty("hostname"))
            .Where(address => address.Length > 0);
        return Cell.Row(
            Cell.Name(ingress),
            Cell.OrNone(ingress.Text("spec", "ingressClassName")
                ?? ingress.Text("metadata", "annotations", "kubernetes.io/ingress.class")),
            Shortened(hosts, "*"),
            string.Join(',', addresses.Distinct(StringComparer.Ordinal)),
            ingress.Array("spec", "tls") is { Count: > 0 } ? "80, 443" : "80",
            Cell.Age(ingress, now));
    }

    public static JsonArray IngressClass(JsonObject ingressClass, DateTimeOffset now)
    {
        string parameters = Cell.None;
        if (ingressClass.Object("spec", "parameters") is { } reference)
        {
            string group = reference.TextOrEmpty("apiGroup");
            parameters = $"{reference.TextOrEmpty("kind")}{(group.Length > 0 ? "." + group : "")}/{reference.TextOrEmpty("name")}";
        }

        return Cell.Row(Cell.Name(ingressClass), ingressClass.TextOrEmpty("spec", "controller"), parameters, Cell.Age(ingressClass, now));
    }

    public static JsonArray NetworkPolicy(JsonObject policy, DateTimeOffset now) =>
        Cell.Row(Cell.Name(policy), SelectorText.Of(policy.At("spec", "podSelector")), Cell.Age(policy, now));

    public static JsonArray ServiceCidr(JsonObject cidr, DateTimeOffset now) =>
        Cell.Row(Cell.Name(cidr), string.Join(',', cidr.Texts("spec", "cidrs")), Cell.Age(cidr, now));

    public static JsonArray IpAddress(JsonObject address, DateTimeOffset now)
    {
        _ = now;
        JsonObject? parent = address.Object("spec", "parentRef");
        IEnumerable<string> parts =
            [parent.TextOrEmpty("resource") + Prefixed(".", parent.TextOrEmpty("group")), parent.TextOrEmpty("namespace"), parent.TextOrEmpty("name")];
        return Cell.Row(Cell.Name(address), string.Join('/', parts.Where(part => part.Length > 0)));
    }

    private static string Prefixed(string prefix, string text) => text.Length == 0 ? "" : prefix + text;

    private static string External(JsonObject service, string type)
    {
        string given = string.Join(',', service.Texts("spec", "externalIPs"));
        switch (type)
        {
            case "ExternalName":
                return service.TextOrEmpty("spec", "externalName");
            case "LoadBalancer":
                string balancers = string.Join(',', service.Objects("status", "loadBalancer", "ingress")
                    .Select(point => point.Text("ip") ?? point.TextOrEmpty("hostname")));
                string all = string.Join(',', new[] { balancers, given }.Where(part => part.Length > 0));
                return all.Length > 0 ? all : "<pending>";
            default:
                return Cell.OrNone(given);
        }
    }

    private static string Port(JsonObject port)
    {
        string number = Cell.Number(port.Integer("port") ?? 0);
        string node = port.Integer("nodePort") is > 0 and long nodePort ? ":" + Cell.Number(nodePort) : "";
        return $"{number}{node}/{port.TextOrEmpty("protocol")}";
    }

    private static IEnumerable<string> Addresses(JsonObject endpoints)
    {
        foreach (JsonObject subset in endpoints.Objects("subsets"))
        {
            string[] ports = [.. subset.Objects("ports").Select(port => ":" + Cell.Number(port.Integer("port") ?? 0))];
            foreach (string port in ports.Length == 0 ? [""] : ports)
            {
                foreach (JsonObject address in subset.Objects("addresses"))
                {
                    yield return address.TextOrEmpty("ip") + port;
                }
            }
        }
    }

    private static string Shortened(string[] items, string whenEmpty)
    {
        if (items.Length == 0)
        {
            return whenEmpty;
        }

        string shown = string.Join(',', items.Take(MostShown));
        return items.Length > MostShown ? $"{shown} + {Cell.Number(items.Length - MostShown)} more..." : shown;
    }
}
