using System.Text;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Objects.Tests.Networking;

public sealed class HostsFileTests
{
    [Fact]
    public void A_service_is_known_by_all_its_names_at_home_and_by_the_long_ones_elsewhere()
    {
        ServiceRecord web = Service("default", "web", """{"clusterIP":"None"}""");
        EndpointSliceRecord slice = Slice(
            "default", "web", """{"addresses":["10.0.0.2"]},{"addresses":["10.0.0.1"],"conditions":{"ready":true}}""");

        string atHome = HostsFile.Render("default", "cluster.local", [web], [slice]);
        string elsewhere = HostsFile.Render("other", "cluster.local", [web], [slice]);

        Assert.Equal(
            "10.0.0.1\tweb.default.svc.cluster.local web.default.svc web.default web\n"
            + "10.0.0.2\tweb.default.svc.cluster.local web.default.svc web.default web\n",
            atHome);
        Assert.Equal(
            "10.0.0.1\tweb.default.svc.cluster.local web.default.svc web.default\n"
            + "10.0.0.2\tweb.default.svc.cluster.local web.default.svc web.default\n",
            elsewhere);
    }

    [Fact]
    public void Host_names_of_endpoints_stand_under_their_service()
    {
        ServiceRecord db = Service("default", "db", """{"clusterIP":"None"}""");
        EndpointSliceRecord slice = Slice("default", "db", """{"addresses":["10.0.0.7"],"hostname":"db-0"}""");

        string text = HostsFile.Render("default", "cluster.local", [db], [slice]);

        Assert.Contains(
            "10.0.0.7\tdb-0.db.default.svc.cluster.local db-0.db.default.svc db-0.db.default db-0.db\n",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_that_is_not_ready_is_left_out_unless_the_service_publishes_it()
    {
        EndpointSliceRecord slice = Slice(
            "default", "web", """{"addresses":["10.0.0.1"],"conditions":{"ready":false}}""");

        string strict = HostsFile.Render("default", "cluster.local", [Service("default", "web", "{}")], [slice]);
        string lenient = HostsFile.Render(
            "default", "cluster.local", [Service("default", "web", """{"publishNotReadyAddresses":true}""")], [slice]);

        Assert.Equal("", strict);
        Assert.StartsWith("10.0.0.1\tweb.", lenient, StringComparison.Ordinal);
    }

    [Fact]
    public void An_external_name_is_rendered_when_it_leads_back_into_the_cluster_and_never_loops()
    {
        ServiceRecord[] services =
        [
            Service("default", "web", "{}"),
            Service("default", "alias", """{"type":"ExternalName","externalName":"web.default.svc.cluster.local."}"""),
            Service("default", "abroad", """{"type":"ExternalName","externalName":"example.com"}"""),
            Service("default", "self", """{"type":"ExternalName","externalName":"self.default.svc.cluster.local"}"""),
        ];

        string text = HostsFile.Render(
            "default", "cluster.local", services, [Slice("default", "web", """{"addresses":["10.0.0.1"]}""")]);

        Assert.Equal(["alias", "web"], text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[^1]));
    }

    [Fact]
    public void A_service_with_many_endpoints_does_not_flood_the_file()
    {
        IEnumerable<string> endpoints = Enumerable.Range(0, 200).Select(i => $$"""{"addresses":["10.0.1.{{i}}"]}""");

        string text = HostsFile.Render(
            "default", "cluster.local", [Service("default", "web", "{}")], [Slice("default", "web", string.Join(',', endpoints))]);

        Assert.Equal(32, text.Count(c => c == '\n'));
    }

    [Fact]
    public void Own_namespace_comes_first_and_the_order_of_the_input_does_not_matter()
    {
        ServiceRecord[] services = [Service("a", "x", "{}"), Service("z", "x", "{}"), Service("z", "b", "{}")];
        EndpointSliceRecord[] slices =
        [
            Slice("a", "x", """{"addresses":["10.0.0.1"]}"""),
            Slice("z", "x", """{"addresses":["10.0.0.2"]}"""),
            Slice("z", "b", """{"addresses":["10.0.0.3"]}"""),
        ];

        string text = HostsFile.Render("z", "cluster.local", services, slices);

        Assert.Equal(["10.0.0.3", "10.0.0.2", "10.0.0.1"], text.Split('\n')[..3].Select(line => line.Split('\t')[0]));
        Assert.Equal(text, HostsFile.Render("z", "cluster.local", services.Reverse(), slices.Reverse()));
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("1", false)]
    [InlineData("010.0.0.1", false)]
    [InlineData("fe80::1%eth0", false)]
    [InlineData("None", false)]
    public void Addresses_are_read_strictly(string text, bool isAddress) =>
        Assert.Equal(isAddress, Addresses.Parse(text) is not null);

    private static ServiceRecord Service(string ns, string name, string spec) => ServiceRecord.From(Document(
        $$"""
        {"kind":"Service","apiVersion":"v1","spec":{{spec}},"metadata":{"name":"{{name}}","namespace":"{{ns}}"} }
        """));

    private static EndpointSliceRecord Slice(string ns, string service, string endpoints) => EndpointSliceRecord.From(Document(
        $$"""
        {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","addressType":"IPv4",
         "metadata":{"name":"{{service}}-1","labels":{"kubernetes.io/service-name":"{{service}}"},"namespace":"{{ns}}" },
         "endpoints":[{{endpoints}}],"ports":[]}
        """));

    private static ObjectDocument Document(string json) => new(Encoding.UTF8.GetBytes(json), 1);
}
