using System.Collections.Immutable;
using System.Net;
using MiniPlane.Dns.Messages;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Dns.Zones;

/// <summary>
/// Answers questions within the cluster's zone from a snapshot, by the schema of "Kubernetes DNS-Based Service Discovery" 1.1.0.
/// Pure: the same zone and question give the same answer, in no order that matters.
/// </summary>
internal sealed class ZoneResolver(DnsName zoneName, ImmutableArray<IPAddress> serverAddresses)
{
    /// <summary>Seconds; short, since pods move.</summary>
    public const uint Ttl = 5;

    private const string SchemaVersion = "1.1.0";
    private const int MaxAliases = 8;

    public DnsName ZoneName => zoneName;

    /// <summary>The zone's SOA record; its minimum is how long a negative answer may be kept (RFC 2308 4).</summary>
    public DnsRecord Authority(ClusterZone zone) => new(
        zoneName,
        DnsType.Soa,
        DnsClass.Internet,
        Ttl,
        new DnsData.Authority(Below("ns", "dns"), Below("hostmaster"), zone.Serial, 7200, 1800, 86400, Ttl));

    /// <summary>The question's name must be within the zone.</summary>
    public ZoneAnswer Answer(ClusterZone zone, DnsQuestion question)
    {
        string[] labels = [.. question.Name.Labels[..^zoneName.Labels.Length].Select(DnsName.Lower)];
        return labels switch
        {
            [] => Filter(question, [Authority(zone), new DnsRecord(
                question.Name, DnsType.Ns, DnsClass.Internet, Ttl, new DnsData.Name(Below("ns", "dns")))]),
            ["dns-version"] => Filter(question, [new DnsRecord(
                question.Name, DnsType.Txt, DnsClass.Internet, Ttl, new DnsData.Text([SchemaVersion]))]),
            ["ns", "dns"] => Filter(question, Addresses(question.Name, serverAddresses)),
            ["dns"] or ["svc"] or ["pod"] => ZoneAnswer.NoData,
            [var ns, "svc"] => zone.HasServicesIn(ns) ? ZoneAnswer.NoData : ZoneAnswer.NoName,
            [var ns, "pod"] => zone.HasPodsIn(ns) ? ZoneAnswer.NoData : ZoneAnswer.NoName,
            [var address, var ns, "pod"] => AnswerPod(zone, question, address, ns),
            [var name, var ns, "svc"] => AnswerService(zone, question, new ObjectKey(ns, name), MaxAliases),
            [['_', .. var protocol], var name, var ns, "svc"] =>
                Ports(zone, new ObjectKey(ns, name)).Any(port => port.Protocol == protocol && port.Name.Length > 0)
                    ? ZoneAnswer.NoData
                    : ZoneAnswer.NoName,
            [var host, var name, var ns, "svc"] => AnswerEndpoint(zone, question, new ObjectKey(ns, name), host),
            [['_', .. var port], ['_', .. var protocol], var name, var ns, "svc"] =>
                AnswerPort(zone, question, new ObjectKey(ns, name), port, protocol),
            _ => ZoneAnswer.NoName,
        };
    }

    /// <summary>The answer for a name outside the zone that services of the cluster have been given; null for any other name.</summary>
    public static ZoneAnswer? AnswerOutside(ClusterZone zone, DnsQuestion question)
    {
        string name = string.Join('.', question.Name.Labels.Select(DnsName.Lower));
        ServiceRecord[] services = [.. zone.ServicesNamed(name).Where(service => service.ExternalName is null)];
        return services.Length == 0
            ? null
            : Filter(question, Addresses(question.Name, services
                .SelectMany(service => Endpoints(zone, service))
                .SelectMany(pair => pair.Endpoint.Addresses)
                .Distinct()));
    }

    /// <summary>The names of an address, as its endpoints have them; none if the cluster does not know it.</summary>
    public IEnumerable<DnsName> NamesOf(ClusterZone zone, IPAddress address) =>
        from slice in zone.SlicesWith(address)
        let service = zone.FindService(slice.Service)
        where service is { ExternalName: null }
        from endpoint in slice.Published(service)
        where endpoint.Addresses.Contains(address)
        let name = EndpointName(service.Key, endpoint, address)
        where name is not null
        select name;

    private static ZoneAnswer AnswerPod(ClusterZone zone, DnsQuestion question, string label, string ns)
    {
        IPAddress? address = Objects.Networking.Addresses.Parse(label.Replace('-', '.'))
            ?? Objects.Networking.Addresses.Parse(label.Replace('-', ':'));
        return address is not null && zone.HasPod(ns, address)
            ? Filter(question, Addresses(question.Name, [address]))
            : ZoneAnswer.NoName;
    }

    private ZoneAnswer AnswerService(ClusterZone zone, DnsQuestion question, ObjectKey key, int aliasesLeft)
    {
        if (zone.FindService(key) is not { } service)
        {
            return ZoneAnswer.NoName;
        }

        if (service.ExternalName is { } external)
        {
            return AnswerAlias(zone, question, external, aliasesLeft);
        }

        if (question.Type == DnsType.Srv && Targets(zone, service).Any())
        {
            return AnswerTargets(question, Targets(zone, service));
        }

        IPAddress[] addresses =
        [
            .. service.ClusterAddresses.IsEmpty
                ? Endpoints(zone, service).SelectMany(pair => pair.Endpoint.Addresses).Distinct()
                : service.ClusterAddresses,
        ];

        // The schema (2.4.1) wants a headless service without a ready endpoint to have no name at all.
        return addresses.Length == 0 ? ZoneAnswer.NoName : Filter(question, Addresses(question.Name, addresses));
    }

    private ZoneAnswer AnswerAlias(ClusterZone zone, DnsQuestion question, string external, int aliasesLeft)
    {
        if (DnsName.Parse(external) is not { } target || target.Labels.IsEmpty)
        {
            return ZoneAnswer.NoData;
        }

        var alias = new DnsRecord(question.Name, DnsType.Cname, DnsClass.Internet, Ttl, new DnsData.Name(target));
        var answer = ZoneAnswer.Of([alias]);
        if (question.Type is DnsType.Cname or DnsType.Any || aliasesLeft == 0)
        {
            return answer;
        }

        if (!target.IsWithin(zoneName))
        {
            return answer with { ContinuesAt = target };
        }

        string[] labels = [.. target.Labels[..^zoneName.Labels.Length].Select(DnsName.Lower)];
        DnsQuestion next = question with { Name = target };
        ZoneAnswer rest = labels is [var name, var ns, "svc"]
            ? AnswerService(zone, next, new ObjectKey(ns, name), aliasesLeft - 1)
            : Answer(zone, next);
        return rest with { Answers = [alias, .. rest.Answers] };
    }

    private static ZoneAnswer AnswerEndpoint(ClusterZone zone, DnsQuestion question, ObjectKey key, string host)
    {
        if (zone.FindService(key) is not { ExternalName: null } service)
        {
            return ZoneAnswer.NoName;
        }

        IPAddress[] addresses =
        [
            .. from pair in Endpoints(zone, service)
               from address in pair.Endpoint.Addresses
               where Label(pair.Endpoint, address) == host
               select address,
        ];
        return addresses.Length == 0 ? ZoneAnswer.NoName : Filter(question, Addresses(question.Name, addresses.Distinct()));
    }

    private ZoneAnswer AnswerPort(ClusterZone zone, DnsQuestion question, ObjectKey key, string port, string protocol)
    {
        if (zone.FindService(key) is not { ExternalName: null } service)
        {
            return ZoneAnswer.NoName;
        }

        ZoneTarget[] targets =
        [
            .. Targets(zone, service).Where(target => target.Port.Name == port && target.Port.Protocol == protocol),
        ];
        return targets.Length == 0 ? ZoneAnswer.NoName
            : question.Type is DnsType.Srv or DnsType.Any ? AnswerTargets(question, targets)
            : ZoneAnswer.NoData;
    }

    private static ZoneAnswer AnswerTargets(DnsQuestion question, IEnumerable<ZoneTarget> targets)
    {
        ZoneTarget[] all = [.. targets.DistinctBy(target => (target.Name, target.Port.Port))];
        ushort weight = (ushort)Math.Max(1, 100 / Math.Max(1, all.Length));
        return ZoneAnswer.Of(all.Select(target => new DnsRecord(
            question.Name,
            DnsType.Srv,
            DnsClass.Internet,
            Ttl,
            new DnsData.Service(0, weight, (ushort)target.Port.Port, target.Name)))) with
        {
            Additionals = [.. all.SelectMany(target => Addresses(target.Name, target.Addresses)).Distinct()],
        };
    }

    /// <summary>Where SRV records lead: each endpoint by its own name; the service itself if it has cluster addresses.</summary>
    private IEnumerable<ZoneTarget> Targets(ClusterZone zone, ServiceRecord service)
    {
        if (!service.ClusterAddresses.IsEmpty)
        {
            return Below(service.Key.Name, service.Key.Namespace, "svc") is { } name
                ? service.Ports.Select(port => new ZoneTarget(name, port, service.ClusterAddresses))
                : [];
        }

        return from pair in Endpoints(zone, service)
               from address in pair.Endpoint.Addresses
               let name = EndpointName(service.Key, pair.Endpoint, address)
               where name is not null
               from port in pair.Slice.Ports
               select new ZoneTarget(name, port, [address]);
    }

    private IEnumerable<PortRecord> Ports(ClusterZone zone, ObjectKey key) => zone.FindService(key) is { ExternalName: null } service
        ? Targets(zone, service).Select(target => target.Port)
        : [];

    private static IEnumerable<(EndpointSliceRecord Slice, EndpointRecord Endpoint)> Endpoints(
        ClusterZone zone, ServiceRecord service) =>
        from slice in zone.SlicesOf(service.Key)
        from endpoint in slice.Published(service)
        select (slice, endpoint);

    private DnsName? EndpointName(ObjectKey service, EndpointRecord endpoint, IPAddress address) =>
        DnsName.FromLabels([Label(endpoint, address), service.Name, service.Namespace, "svc", .. zoneName.Labels]);

    private static string Label(EndpointRecord endpoint, IPAddress address) =>
        endpoint.Hostname ?? Objects.Networking.Addresses.ToLabel(address);

    private DnsName Below(params ReadOnlySpan<string> labels) =>
        DnsName.FromLabels([.. labels, .. zoneName.Labels]) ?? zoneName;

    private static IEnumerable<DnsRecord> Addresses(DnsName name, IEnumerable<IPAddress> addresses) =>
        addresses.Select(address => DnsRecord.Address(name, Ttl, address));

    /// <summary>The records of the type that was asked for; the name exists in any case.</summary>
    private static ZoneAnswer Filter(DnsQuestion question, IEnumerable<DnsRecord> records) =>
        ZoneAnswer.Of(records.Where(record => question.Type == DnsType.Any || record.Type == question.Type));
}
