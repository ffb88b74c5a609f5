using System.Collections.Immutable;
using System.Net;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Dns.Zones;

/// <summary>
/// The cluster's services, endpoints and pods as names see them: an immutable snapshot with the indexes that lookups need. A change
/// costs the logarithm of the zone's size, not the zone.
/// </summary>
internal sealed record ClusterZone
{
    public static readonly ClusterZone Empty = new();

    private ImmutableDictionary<ObjectKey, ServiceRecord> Services { get; init; } =
        ImmutableDictionary<ObjectKey, ServiceRecord>.Empty;

    private ImmutableDictionary<ObjectKey, EndpointSliceRecord> Slices { get; init; } =
        ImmutableDictionary<ObjectKey, EndpointSliceRecord>.Empty;

    private ImmutableDictionary<ObjectKey, PodRecord> Pods { get; init; } = ImmutableDictionary<ObjectKey, PodRecord>.Empty;

    private KeyIndex<ObjectKey, ObjectKey> SlicesByService { get; init; } = KeyIndex<ObjectKey, ObjectKey>.Empty;

    private KeyIndex<IPAddress, ObjectKey> SlicesByAddress { get; init; } = KeyIndex<IPAddress, ObjectKey>.Empty;

    private KeyIndex<string, ObjectKey> ServicesByNamespace { get; init; } = KeyIndex<string, ObjectKey>.Empty;

    private KeyIndex<string, ObjectKey> ServicesByOutsideName { get; init; } = KeyIndex<string, ObjectKey>.Empty;

    private KeyIndex<string, ObjectKey> PodsByNamespace { get; init; } = KeyIndex<string, ObjectKey>.Empty;

    private KeyIndex<IPAddress, ObjectKey> PodsByAddress { get; init; } = KeyIndex<IPAddress, ObjectKey>.Empty;

    /// <summary>Counts changes; the zone's serial.</summary>
    public uint Serial { get; private init; } = 1;

    public bool HasServicesIn(string ns) => ServicesByNamespace.Has(ns);

    public bool HasPodsIn(string ns) => PodsByNamespace.Has(ns);

    public bool HasPod(string ns, IPAddress address) => PodsByAddress[address].Any(pod => pod.Namespace == ns);

    public ServiceRecord? FindService(ObjectKey key) => Services.GetValueOrDefault(key);

    /// <summary>The services that answer to a name outside the zone; lower case, no trailing dot.</summary>
    public IEnumerable<ServiceRecord> ServicesNamed(string name) => ServicesByOutsideName[name].Select(key => Services[key]);

    /// <summary>The slices of a service; one service has few.</summary>
    public IEnumerable<EndpointSliceRecord> SlicesOf(ObjectKey service) => SlicesByService[service].Select(key => Slices[key]);

    /// <summary>The slices that name an address.</summary>
    public IEnumerable<EndpointSliceRecord> SlicesWith(IPAddress address) => SlicesByAddress[address].Select(key => Slices[key]);

    public ClusterZone With(ServiceRecord service)
    {
        ClusterZone rest = WithoutService(service.Key);
        return rest.Changed() with
        {
            Services = rest.Services.SetItem(service.Key, service),
            ServicesByNamespace = rest.ServicesByNamespace.Add(service.Key.Namespace, service.Key),
            ServicesByOutsideName = service.OutsideNames
                .Aggregate(rest.ServicesByOutsideName, (index, name) => index.Add(name, service.Key)),
        };
    }

    public ClusterZone WithoutService(ObjectKey key) => Services.TryGetValue(key, out ServiceRecord? service)
        ? Changed() with
        {
            Services = Services.Remove(key),
            ServicesByNamespace = ServicesByNamespace.Remove(key.Namespace, key),
            ServicesByOutsideName = service.OutsideNames
                .Aggregate(ServicesByOutsideName, (index, name) => index.Remove(name, key)),
        }
        : this;

    public ClusterZone With(EndpointSliceRecord slice)
    {
        ClusterZone rest = WithoutSlice(slice.Key);
        return rest.Changed() with
        {
            Slices = rest.Slices.SetItem(slice.Key, slice),
            SlicesByService = rest.SlicesByService.Add(slice.Service, slice.Key),
            SlicesByAddress = AddressesOf(slice)
                .Aggregate(rest.SlicesByAddress, (index, address) => index.Add(address, slice.Key)),
        };
    }

    public ClusterZone WithoutSlice(ObjectKey key) => Slices.TryGetValue(key, out EndpointSliceRecord? slice)
        ? Changed() with
        {
            Slices = Slices.Remove(key),
            SlicesByService = SlicesByService.Remove(slice.Service, key),
            SlicesByAddress = AddressesOf(slice).Aggregate(SlicesByAddress, (index, address) => index.Remove(address, key)),
        }
        : this;

    public ClusterZone With(PodRecord pod)
    {
        if (Pods.TryGetValue(pod.Key, out PodRecord? known) && known.Addresses.SequenceEqual(pod.Addresses))
        {
            return this;
        }

        ClusterZone rest = WithoutPod(pod.Key);
        return pod.Addresses.IsEmpty
            ? rest
            : rest.Changed() with
            {
                Pods = rest.Pods.SetItem(pod.Key, pod),
                PodsByNamespace = rest.PodsByNamespace.Add(pod.Key.Namespace, pod.Key),
                PodsByAddress = pod.Addresses
                    .Aggregate(rest.PodsByAddress, (index, address) => index.Add(address, pod.Key)),
            };
    }

    public ClusterZone WithoutPod(ObjectKey key) => Pods.TryGetValue(key, out PodRecord? pod)
        ? Changed() with
        {
            Pods = Pods.Remove(key),
            PodsByNamespace = PodsByNamespace.Remove(key.Namespace, key),
            PodsByAddress = pod.Addresses.Aggregate(PodsByAddress, (index, address) => index.Remove(address, key)),
        }
        : this;

    /// <summary>Forgets the services that a fresh list does not have.</summary>
    public ClusterZone WithServices(IReadOnlyCollection<ServiceRecord> services)
    {
        var listed = services.Select(service => service.Key).ToHashSet();
        ClusterZone rest = Services.Keys.Where(key => !listed.Contains(key))
            .Aggregate(this, (zone, key) => zone.WithoutService(key));
        return services.Aggregate(rest, (zone, service) => zone.With(service));
    }

    public ClusterZone WithSlices(IReadOnlyCollection<EndpointSliceRecord> slices)
    {
        var listed = slices.Select(slice => slice.Key).ToHashSet();
        ClusterZone rest = Slices.Keys.Where(key => !listed.Contains(key))
            .Aggregate(this, (zone, key) => zone.WithoutSlice(key));
        return slices.Aggregate(rest, (zone, slice) => zone.With(slice));
    }

    public ClusterZone WithPods(IReadOnlyCollection<PodRecord> pods)
    {
        var listed = pods.Select(pod => pod.Key).ToHashSet();
        ClusterZone rest = Pods.Keys.Where(key => !listed.Contains(key))
            .Aggregate(this, (zone, key) => zone.WithoutPod(key));
        return pods.Aggregate(rest, (zone, pod) => zone.With(pod));
    }

    private ClusterZone Changed() => this with { Serial = unchecked(Serial + 1) };

    private static IEnumerable<IPAddress> AddressesOf(EndpointSliceRecord slice) =>
        slice.Endpoints.SelectMany(endpoint => endpoint.Addresses).Distinct();
}
