using System.Net;
using System.Text;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Networking;

/// <summary>
/// The cluster's part of <c>/etc/hosts</c> for pods of one namespace: what DNS would answer, for pods that cannot ask it. The same
/// input always makes the same text, so that an unchanged text need not be sent.
/// </summary>
public static class HostsFile
{
    /// <summary>Addresses written for one service name; resolvers read a hosts file from the top for every lookup.</summary>
    private const int MaxAddresses = 32;

    /// <summary>
    /// Renders services and the named endpoints behind them. Names of the pods' own namespace also come short (<c>svc</c>). An
    /// ExternalName is rendered only if it leads back into the cluster: a hosts file has no aliases to elsewhere.
    /// </summary>
    public static string Render(
        string ns, string zone, IEnumerable<ServiceRecord> services, IEnumerable<EndpointSliceRecord> slices)
    {
        var known = services.ToDictionary(service => service.Key);
        ILookup<ObjectKey, EndpointSliceRecord> slicesOf = slices.ToLookup(slice => slice.Service);
        var text = new StringBuilder();
        foreach (ServiceRecord service in known.Values
            .OrderBy(service => service.Key.Namespace != ns)
            .ThenBy(service => service.Key.Namespace, StringComparer.Ordinal)
            .ThenBy(service => service.Key.Name, StringComparer.Ordinal))
        {
            if (Follow(service, known, zone) is not { } target)
            {
                continue;
            }

            string names = Names(service.Key.Name, service.Key.Namespace, ns, zone);
            foreach (IPAddress address in AddressesOf(target, slicesOf[target.Key]))
            {
                text.Append(address).Append('\t').Append(names).Append('\n');
            }

            if (target == service)
            {
                AppendHosts(text, service, slicesOf[service.Key], ns, zone);
            }
        }

        return text.ToString();
    }

    private static ServiceRecord? Follow(ServiceRecord service, Dictionary<ObjectKey, ServiceRecord> known, string zone)
    {
        string suffix = $".svc.{zone}";
        for (int hops = 0; hops < 8; hops++)
        {
            if (service.ExternalName is not { } name)
            {
                return service;
            }

            if (!name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }

            string[] labels = name[..^suffix.Length].ToLowerInvariant().Split('.');
            if (labels.Length != 2 || !known.TryGetValue(new ObjectKey(labels[1], labels[0]), out ServiceRecord? next))
            {
                return null;
            }

            service = next;
        }

        return null;
    }

    private static IEnumerable<IPAddress> AddressesOf(ServiceRecord service, IEnumerable<EndpointSliceRecord> slices)
    {
        IEnumerable<IPAddress> addresses = service.ClusterAddresses.IsEmpty
            ? slices.SelectMany(slice => slice.Published(service)).SelectMany(endpoint => endpoint.Addresses)
            : service.ClusterAddresses;
        return Sorted(addresses).Take(MaxAddresses);
    }

    private static void AppendHosts(
        StringBuilder text, ServiceRecord service, IEnumerable<EndpointSliceRecord> slices, string ns, string zone)
    {
        var hosts = slices
            .SelectMany(slice => slice.Published(service))
            .Where(endpoint => endpoint.Hostname is not null)
            .GroupBy(endpoint => endpoint.Hostname, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (IGrouping<string?, EndpointRecord> host in hosts)
        {
            string names = Names($"{host.Key}.{service.Key.Name}", service.Key.Namespace, ns, zone);
            foreach (IPAddress address in Sorted(host.SelectMany(endpoint => endpoint.Addresses)))
            {
                text.Append(address).Append('\t').Append(names).Append('\n');
            }
        }
    }

    /// <summary>The full name first: it is the canonical one for those who look up an address.</summary>
    private static string Names(string name, string serviceNamespace, string ns, string zone)
    {
        string names = $"{name}.{serviceNamespace}.svc.{zone} {name}.{serviceNamespace}.svc {name}.{serviceNamespace}";
        return serviceNamespace == ns ? $"{names} {name}" : names;
    }

    private static IEnumerable<IPAddress> Sorted(IEnumerable<IPAddress> addresses) =>
        addresses.Distinct().OrderBy(address => address.ToString(), StringComparer.Ordinal);
}
