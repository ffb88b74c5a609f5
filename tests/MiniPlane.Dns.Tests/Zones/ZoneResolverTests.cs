using System.Net;
using MiniPlane.Dns.Messages;
using MiniPlane.Dns.Zones;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Networking;
using static MiniPlane.Dns.Tests.DnsTesting;

namespace MiniPlane.Dns.Tests.Zones;

/// <summary>The schema of "Kubernetes DNS-Based Service Discovery" 1.1.0, section by section.</summary>
public sealed class ZoneResolverTests
{
    private const string HttpPort = """{"name":"http","port":8080,"protocol":"TCP"}""";

    private static readonly ZoneResolver Resolver = new(Name("cluster.local"), [IPAddress.Loopback]);

    private static readonly ClusterZone Sample = Zone(
        Service("default", "web"),
        Slice("default", "web", """{"addresses":["10.0.0.1"]},{"addresses":["10.0.0.2"]}""", HttpPort),
        Slice("default", "web", """{"addresses":["10.0.0.3"],"conditions":{"ready":false}}""", HttpPort, "2"),
        Service("default", "db"),
        Slice(
            "default",
            "db",
            """{"addresses":["10.0.1.1"],"hostname":"db-0"},{"addresses":["10.0.1.2"],"hostname":"db-1"}""",
            """{"name":"sql","port":5432,"protocol":"TCP"},{"name":"","port":99}"""),
        Service("default", "early", """{"clusterIP":"None","publishNotReadyAddresses":true}"""),
        Slice("default", "early", """{"addresses":["10.0.2.1"],"conditions":{"ready":false}}""", HttpPort),
        Service("default", "none"),
        Service("default", "abroad", """{"type":"ExternalName","externalName":"www.example.com"}"""),
        Service("default", "alias", """{"type":"ExternalName","externalName":"web.default.svc.cluster.local"}"""),
        Service("default", "loop", """{"type":"ExternalName","externalName":"loop.default.svc.cluster.local"}"""),
        Pod("jobs", "a", "10.0.3.1"),
        Pod("jobs", "b", "10.0.3.2", "Succeeded"));

    [Theory]
    [InlineData("web.default.svc.cluster.local", "A 10.0.0.1;A 10.0.0.2")]
    [InlineData("WEB.Default.SVC.cluster.LOCAL", "A 10.0.0.1;A 10.0.0.2")]
    [InlineData("db-0.db.default.svc.cluster.local", "A 10.0.1.1")]
    [InlineData("10-0-0-2.web.default.svc.cluster.local", "A 10.0.0.2")]
    [InlineData("early.default.svc.cluster.local", "A 10.0.2.1")]
    [InlineData("10-0-3-1.jobs.pod.cluster.local", "A 10.0.3.1")]
    [InlineData("ns.dns.cluster.local", "A 127.0.0.1")]
    [InlineData("alias.default.svc.cluster.local", "A 10.0.0.1;A 10.0.0.2;CNAME web.default.svc.cluster.local.")]
    [InlineData("abroad.default.svc.cluster.local", "CNAME www.example.com.")]
    public void An_address_is_found(string name, string records) =>
        Assert.Equal(records, string.Join(';', Show(Ask(name, DnsType.A).Answers)));

    [Fact]
    public void A_name_that_external_dns_would_publish_leads_to_the_endpoints()
    {
        ClusterZone zone = Zone(
            Document("""
                {"kind":"Service","apiVersion":"v1","spec":{"clusterIP":"None"},"metadata":{"name":"web","namespace":"default",
                 "annotations":{"external-dns.alpha.kubernetes.io/hostname":"www.site.example., Other.Example"} } }
                """),
            Slice("default", "web", """{"addresses":["10.0.0.1"]},{"addresses":["10.0.0.2"],"conditions":{"ready":false}}""", HttpPort));

        Assert.Equal("A 10.0.0.1", string.Join(';', Show(ZoneResolver.AnswerOutside(zone, new DnsQuestion(Name("WWW.site.example"), DnsType.A, DnsClass.Internet))!.Answers)));
        Assert.NotNull(ZoneResolver.AnswerOutside(zone, new DnsQuestion(Name("other.example"), DnsType.A, DnsClass.Internet)));
        Assert.Null(ZoneResolver.AnswerOutside(zone, new DnsQuestion(Name("third.example"), DnsType.A, DnsClass.Internet)));
        Assert.Null(ZoneResolver.AnswerOutside(
            zone.WithoutService(new ObjectKey("default", "web")), new DnsQuestion(Name("other.example"), DnsType.A, DnsClass.Internet)));
    }

    [Theory]
    [InlineData("nothing.default.svc.cluster.local")]
    [InlineData("web.other.svc.cluster.local")]
    [InlineData("none.default.svc.cluster.local")]
    [InlineData("10-0-0-3.web.default.svc.cluster.local")]
    [InlineData("10-0-1-1.db.default.svc.cluster.local")]
    [InlineData("db-7.db.default.svc.cluster.local")]
    [InlineData("_udp.web.default.svc.cluster.local")]
    [InlineData("_https._tcp.web.default.svc.cluster.local")]
    [InlineData("10-0-3-2.jobs.pod.cluster.local")]
    [InlineData("10-0-3-1.default.pod.cluster.local")]
    [InlineData("other.svc.cluster.local")]
    [InlineData("default.pod.cluster.local")]
    [InlineData("www.example.com.default.svc.cluster.local")]
    [InlineData("web.default.cluster.local")]
    [InlineData("nonsense.cluster.local")]
    public void A_name_that_nothing_has_does_not_exist(string name) => Assert.False(Ask(name, DnsType.A).Exists);

    [Theory]
    [InlineData("cluster.local", (int)DnsType.A)]
    [InlineData("svc.cluster.local", (int)DnsType.A)]
    [InlineData("pod.cluster.local", (int)DnsType.A)]
    [InlineData("dns.cluster.local", (int)DnsType.A)]
    [InlineData("default.svc.cluster.local", (int)DnsType.A)]
    [InlineData("jobs.pod.cluster.local", (int)DnsType.A)]
    [InlineData("web.default.svc.cluster.local", (int)DnsType.Aaaa)]
    [InlineData("web.default.svc.cluster.local", (int)DnsType.Mx)]
    [InlineData("_tcp.web.default.svc.cluster.local", (int)DnsType.Srv)]
    [InlineData("_http._tcp.web.default.svc.cluster.local", (int)DnsType.A)]
    [InlineData("dns-version.cluster.local", (int)DnsType.A)]
    public void A_name_that_exists_without_the_type_has_no_data(string name, int type)
    {
        ZoneAnswer answer = Ask(name, (DnsType)type);

        Assert.True(answer.Exists);
        Assert.Empty(answer.Answers);
    }

    [Fact]
    public void A_named_port_leads_to_every_ready_endpoint_by_its_host_name()
    {
        ZoneAnswer answer = Ask("_sql._tcp.db.default.svc.cluster.local", DnsType.Srv);

        Assert.Equal(
            ["SRV 0 50 5432 db-0.db.default.svc.cluster.local.", "SRV 0 50 5432 db-1.db.default.svc.cluster.local."],
            Show(answer.Answers));
        Assert.Equal(["A 10.0.1.1", "A 10.0.1.2"], Show(answer.Additionals));
    }

    [Fact]
    public void An_endpoint_without_a_host_name_is_known_by_its_address()
    {
        ZoneAnswer answer = Ask("_http._tcp.web.default.svc.cluster.local", DnsType.Srv);

        Assert.Equal(
            ["SRV 0 50 8080 10-0-0-1.web.default.svc.cluster.local.", "SRV 0 50 8080 10-0-0-2.web.default.svc.cluster.local."],
            Show(answer.Answers));
        Assert.All(
            answer.Answers.Select(record => ((DnsData.Service)record.Data).Target),
            target => Assert.Single(Resolver.Answer(Sample, Question(target.ToString(), DnsType.A)).Answers));
    }

    [Fact]
    public void Every_record_lives_five_seconds_and_has_the_name_as_it_was_asked()
    {
        DnsRecord record = Ask("DB-0.db.default.svc.Cluster.local", DnsType.A).Answers[0];

        Assert.Equal(5u, record.Ttl);
        Assert.Equal("DB-0.db.default.svc.Cluster.local.", record.Name.ToString());
    }

    [Fact]
    public void The_zone_tells_its_schema_its_authority_and_its_server()
    {
        Assert.Equal(["TXT 1.1.0"], Show(Ask("dns-version.cluster.local", DnsType.Txt).Answers));
        Assert.Equal(["SOA ns.dns.cluster.local."], Show(Ask("cluster.local", DnsType.Soa).Answers));
        Assert.Equal(["NS ns.dns.cluster.local."], Show(Ask("cluster.local", DnsType.Ns).Answers));
    }

    [Fact]
    public void An_alias_that_leads_abroad_says_where_to_go_on()
    {
        ZoneAnswer asked = Ask("abroad.default.svc.cluster.local", DnsType.A);
        ZoneAnswer alias = Ask("abroad.default.svc.cluster.local", DnsType.Cname);

        Assert.Equal(Name("www.example.com"), asked.ContinuesAt);
        Assert.Null(alias.ContinuesAt);
    }

    [Fact]
    public void An_alias_of_itself_ends() =>
        Assert.InRange(Ask("loop.default.svc.cluster.local", DnsType.A).Answers.Length, 1, 10);

    [Fact]
    public void Addresses_have_the_names_of_their_endpoints()
    {
        Assert.Equal("db-0.db.default.svc.cluster.local.", NameOf("10.0.1.1"));
        Assert.Equal("10-0-0-1.web.default.svc.cluster.local.", NameOf("10.0.0.1"));
        Assert.Equal("", NameOf("10.0.0.3"));
        Assert.Equal("", NameOf("10.9.9.9"));
    }

    [Fact]
    public void Sixth_version_addresses_are_answered_as_AAAA()
    {
        ClusterZone zone = Zone(
            Service("default", "six"), Slice("default", "six", """{"addresses":["2001:db8::7"]}"""));

        ZoneAnswer address = Resolver.Answer(zone, Question("six.default.svc.cluster.local", DnsType.Aaaa));
        ZoneAnswer byLabel = Resolver.Answer(zone, Question("2001-db8--7.six.default.svc.cluster.local", DnsType.Aaaa));

        Assert.Equal(["AAAA 2001:db8::7"], Show(address.Answers));
        Assert.Equal(["AAAA 2001:db8::7"], Show(byLabel.Answers));
    }

    [Fact]
    public void A_service_with_a_cluster_address_has_that_one()
    {
        ClusterZone zone = Zone(
            Service("default", "fixed", """{"clusterIP":"10.3.0.1","ports":[{"name":"https","port":443}]}"""),
            Slice("default", "fixed", """{"addresses":["10.0.0.1"]}""", HttpPort));

        ZoneAnswer address = Resolver.Answer(zone, Question("fixed.default.svc.cluster.local", DnsType.A));
        ZoneAnswer port = Resolver.Answer(zone, Question("_https._tcp.fixed.default.svc.cluster.local", DnsType.Srv));

        Assert.Equal(["A 10.3.0.1"], Show(address.Answers));
        Assert.Equal(["SRV 0 100 443 fixed.default.svc.cluster.local."], Show(port.Answers));
    }

    [Fact]
    public void What_is_deleted_or_changed_leaves_no_name_behind()
    {
        ClusterZone changed = Sample
            .With(EndpointSliceRecord.From(Slice("default", "web", """{"addresses":["10.0.0.9"]}""", HttpPort)))
            .WithoutService(new ObjectKey("default", "db"))
            .WithoutPod(new ObjectKey("jobs", "a"));
        ClusterZone emptied = changed.WithServices([]).WithSlices([]).WithPods([]);

        Assert.Equal(["A 10.0.0.9"], Show(Resolver.Answer(changed, Question("web.default.svc.cluster.local", DnsType.A)).Answers));
        Assert.Empty(Resolver.NamesOf(changed, IPAddress.Parse("10.0.0.1")));
        Assert.Empty(Resolver.NamesOf(changed, IPAddress.Parse("10.0.1.1")));
        Assert.False(Resolver.Answer(changed, Question("jobs.pod.cluster.local", DnsType.A)).Exists);
        Assert.False(Resolver.Answer(emptied, Question("default.svc.cluster.local", DnsType.A)).Exists);
        Assert.True(emptied.Serial > Sample.Serial);
    }

    [Theory]
    [InlineData("4.3.2.1.in-addr.arpa", "1.2.3.4")]
    [InlineData("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.IP6.arpa", "2001:db8::1")]
    [InlineData("256.3.2.1.in-addr.arpa", null)]
    [InlineData("3.2.1.in-addr.arpa", null)]
    [InlineData("4.3.2.1.example.org", null)]
    public void Reverse_names_stand_for_addresses(string name, string? address) =>
        Assert.Equal(address, ReverseName.ToAddress(Name(name))?.ToString());

    private static ZoneAnswer Ask(string name, DnsType type) => Resolver.Answer(Sample, Question(name, type));

    private static DnsQuestion Question(string name, DnsType type) => new(Name(name), type, DnsClass.Internet);

    private static string NameOf(string address) =>
        string.Join(' ', Resolver.NamesOf(Sample, IPAddress.Parse(address)).Select(name => name.ToString()));
}
