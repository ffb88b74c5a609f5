using System.Text;
using MiniPlane.Dns.Messages;
using MiniPlane.Dns.Zones;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Dns.Tests;

/// <summary>Short words for names, questions and the objects behind them.</summary>
internal static class DnsTesting
{
    public static DnsName Name(string text) => DnsName.Parse(text) ?? throw new ArgumentException($"'{text}' is no name.", nameof(text));

    public static DnsMessage Query(string name, DnsType type, DnsEdns? edns = null, ushort id = 7) => new()
    {
        Id = id,
        RecursionDesired = true,
        Questions = [new DnsQuestion(Name(name), type, DnsClass.Internet)],
        Edns = edns,
    };

    public static byte[] QueryOctets(string name, DnsType type, DnsEdns? edns = null, ushort id = 7) =>
        DnsWriter.Write(Query(name, type, edns, id), 65535);

    public static DnsMessage Read(byte[]? octets)
    {
        Assert.NotNull(octets);
        Assert.True(DnsReader.TryRead(octets, out DnsMessage message), "The answer is not well formed.");
        return message;
    }

    /// <summary>Records as a zone file shows them, without name and TTL: <c>A 10.0.0.1</c>.</summary>
    public static IEnumerable<string> Show(IEnumerable<DnsRecord> records) => records.Select(record => record.Data switch
    {
        DnsData.Address address => $"{(record.Type == DnsType.A ? "A" : "AAAA")} {address.Value}",
        DnsData.Name name => $"{record.Type.ToString().ToUpperInvariant()} {name.Value}",
        DnsData.Service service => $"SRV {service.Priority} {service.Weight} {service.Port} {service.Target}",
        DnsData.Text text => $"TXT {string.Join(' ', text.Strings)}",
        DnsData.Authority authority => $"SOA {authority.Server}",
        _ => record.Type.ToString(),
    }).Order(StringComparer.Ordinal);

    public static ObjectDocument Document(string json) => new(Encoding.UTF8.GetBytes(json), 1);

    public static ObjectDocument Service(string ns, string name, string spec = """{"clusterIP":"None"}""") => Document(
        $$"""{"kind":"Service","apiVersion":"v1","spec":{{spec}},"metadata":{"name":"{{name}}","namespace":"{{ns}}"} }""");

    public static ObjectDocument Slice(string ns, string service, string endpoints, string ports = "", string suffix = "1") => Document(
        $$"""
        {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","addressType":"IPv4",
         "metadata":{"labels":{"kubernetes.io/service-name":"{{service}}"},"namespace":"{{ns}}","name":"{{service}}-{{suffix}}" },
         "endpoints":[{{endpoints}}],"ports":[{{ports}}]}
        """);

    public static ObjectDocument Pod(string ns, string name, string ip, string phase = "Running") => Document(
        $$"""
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"{{name}}","namespace":"{{ns}}"},
         "status":{"podIP":"{{ip}}","phase":"{{phase}}"} }
        """);

    public static ClusterZone Zone(params ObjectDocument[] documents) => documents.Aggregate(ClusterZone.Empty, (zone, document) =>
        (string?)document.ToJson()["kind"] switch
        {
            "Service" => zone.With(ServiceRecord.From(document)),
            "EndpointSlice" => zone.With(EndpointSliceRecord.From(document)),
            _ => zone.With(PodRecord.From(document)),
        });

    public static ZoneHolder Holder(ClusterZone zone)
    {
        var holder = new ZoneHolder();
        holder.Change(_ => zone);
        foreach (ZoneFeed feed in ZoneFeed.All)
        {
            holder.MarkListed(feed);
        }

        return holder;
    }
}
