using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Outbound;

/// <summary>
/// Finds an endpoint of a Service: its port by number or name, then a ready address of an EndpointSlice (or of Endpoints that
/// nobody has mirrored yet) with that port's target (k8s.io/apiserver/pkg/util/proxy.ResolveEndpoint). There is no virtual address
/// to call, so this is done anew for every connection.
/// </summary>
internal sealed class ServiceResolver(IRevisionStore store)
{
    private const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <param name="ns">The Service's namespace.</param>
    /// <param name="name">The Service's name.</param>
    /// <param name="port">A port of the Service, by number or name; empty means its only one.</param>
    /// <exception cref="OutboundException">There is no such service, port or endpoint.</exception>
    public EndpointAddress Resolve(string ns, string name, string port)
    {
        JsonObject service = store.Find(new StoreKey(BuiltInKinds.Service.Collection, new ObjectKey(ns, name)))?.ToJson()
            ?? throw new OutboundException($"service \"{name}\" not found");
        JsonObject wanted = FindPort(service, name, port);
        if (service.Text("spec", "type") == "ExternalName")
        {
            return new EndpointAddress(
                service.TextOrEmpty("spec", "externalName").TrimEnd('.'), (int)(wanted.Integer("port") ?? 0), null);
        }

        EndpointAddress[] addresses = [.. FromSlices(ns, name, wanted)];
        if (addresses.Length == 0)
        {
            addresses = [.. FromEndpoints(ns, name, wanted)];
        }

        return addresses.Length > 0
            ? addresses[RandomNumberGenerator.GetInt32(addresses.Length)]
            : throw new OutboundException($"no endpoints available for service \"{name}\"");
    }

    private static JsonObject FindPort(JsonObject service, string name, string port)
    {
        JsonObject[] ports = [.. service.Objects("spec", "ports")];
        if (port.Length == 0 && ports.Length == 1)
        {
            return ports[0];
        }

        bool isNumber = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        JsonObject? found = Array.Find(
            ports, one => isNumber ? one.Integer("port") == number : one.TextOrEmpty("name") == port);
        if (found is not null)
        {
            return found;
        }

        return service.Text("spec", "type") == "ExternalName" && isNumber
            ? new JsonObject { ["port"] = number }
            : throw new OutboundException($"no service port {(isNumber ? port : $"\"{port}\"")} found for service \"{name}\"");
    }

    private IEnumerable<EndpointAddress> FromSlices(string ns, string name, JsonObject port)
    {
        foreach (ObjectDocument document in store.Read(BuiltInKinds.EndpointSlice.Collection).Range(ns, null))
        {
            if (document.Metadata.Labels.GetValueOrDefault(ServiceNameLabel) != name)
            {
                continue;
            }

            JsonObject slice = document.ToJson();
            JsonObject? target = slice.Objects("ports").FirstOrDefault(one => one.TextOrEmpty("name") == port.TextOrEmpty("name"));
            if (target.Integer("port") is not { } number || slice.Text("addressType") == "FQDN")
            {
                continue;
            }

            foreach (JsonObject endpoint in slice.Objects("endpoints").Where(one => one.Flag("conditions", "ready") ?? true))
            {
                foreach (string address in endpoint.Texts("addresses").Take(1))
                {
                    yield return new EndpointAddress(address, (int)number, Pod(endpoint, ns));
                }
            }
        }
    }

    private IEnumerable<EndpointAddress> FromEndpoints(string ns, string name, JsonObject port)
    {
        JsonObject? endpoints = store.Find(new StoreKey(BuiltInKinds.Endpoints.Collection, new ObjectKey(ns, name)))?.ToJson();
        foreach (JsonObject subset in endpoints.Objects("subsets"))
        {
            JsonObject? target = subset.Objects("ports").FirstOrDefault(one => one.TextOrEmpty("name") == port.TextOrEmpty("name"));
            if (target.Integer("port") is not { } number)
            {
                continue;
            }

            foreach (JsonObject address in subset.Objects("addresses"))
            {
                yield return new EndpointAddress(address.TextOrEmpty("ip"), (int)number, Pod(address, ns));
            }
        }
    }

    private static ObjectKey? Pod(JsonObject endpoint, string ns) => endpoint.Text("targetRef", "kind") == "Pod"
        ? new ObjectKey(endpoint.Text("targetRef", "namespace") ?? ns, endpoint.TextOrEmpty("targetRef", "name"))
        : null;
}
