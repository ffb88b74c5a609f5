using System.Text.Json.Nodes;
using MiniPlane.Controllers.Networking;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Networking;

public sealed class EndpointsTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync(
        context => new EndpointsController(context),
        context => new EndpointSliceController(context),
        context => new EndpointSliceMirrorController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Ready_and_unready_pods_are_told_apart_in_both_forms()
    {
        await CreateServiceAsync();
        await CreatePodAsync("a", "10.0.0.1", isReady: true);
        await CreatePodAsync("b", "10.0.0.2", isReady: false);

        await _rig.UntilAsync(() => Slice()?.Array("endpoints")?.Count == 2, "the slice has both");
        await _rig.UntilAsync(() => Subset().Array("addresses")?.Count == 1 && Subset().Array("notReadyAddresses")?.Count == 1, "the subset has both");

        Assert.Equal([true, false], Slice().Objects("endpoints").Select(endpoint => endpoint.Flag("conditions", "ready")));
        Assert.Equal("10.0.0.1", Subset().Objects("addresses").Single().Text("ip"));
        Assert.Equal("web", _rig.Cluster.All("EndpointSlice")[0].Metadata.Labels["kubernetes.io/service-name"]);
        Assert.Equal("endpointslice-controller.k8s.io", _rig.Cluster.All("EndpointSlice")[0].Metadata.Labels["endpointslice.kubernetes.io/managed-by"]);
    }

    [Fact]
    public async Task A_named_target_port_is_looked_up_in_each_pod()
    {
        await CreateServiceAsync();
        await CreatePodAsync("a", "10.0.0.1", isReady: true, port: 8080);
        await CreatePodAsync("b", "10.0.0.2", isReady: true, port: 9090);

        await _rig.UntilAsync(() => _rig.Cluster.All("EndpointSlice").Count == 2, "each port has its slice");

        Assert.Equal(
            [8080, 9090],
            _rig.Cluster.All("EndpointSlice").Select(slice => slice.ToJson().Objects("ports").Single().Integer("port")).Order());
    }

    [Fact]
    public async Task A_terminating_pod_leaves_the_addresses_but_stays_in_its_slice()
    {
        await CreateServiceAsync();
        await CreatePodAsync("a", "10.0.0.1", isReady: true);
        await _rig.UntilAsync(() => Subset().Array("addresses")?.Count == 1, "it is there");

        await _rig.DeleteAsync("Pod", "default", "a");

        await _rig.UntilAsync(() => Slice().Objects("endpoints").Single().Flag("conditions", "terminating") == true, "it is terminating");
        await _rig.UntilAsync(() => Subset().Array("addresses") is null, "it is no address");
        JsonNode? conditions = Slice().Objects("endpoints").Single()["conditions"];
        Assert.Equal((false, true), (conditions.Flag("ready"), conditions.Flag("serving")));
    }

    [Fact]
    public async Task A_pod_of_the_service_s_subdomain_has_its_host_name()
    {
        await CreateServiceAsync();
        await CreatePodAsync("a", "10.0.0.1", isReady: true, hostname: "db-0");

        await _rig.UntilAsync(() => Slice().Objects("endpoints").FirstOrDefault().Text("hostname") == "db-0", "it is named");
    }

    [Fact]
    public async Task Unready_addresses_are_published_where_the_service_wants_them()
    {
        await CreateServiceAsync(""", "publishNotReadyAddresses": true""");
        await CreatePodAsync("a", "10.0.0.1", isReady: false);

        await _rig.UntilAsync(() => Subset().Array("addresses")?.Count == 1, "it is published");
        await _rig.UntilAsync(() => Slice().Objects("endpoints").FirstOrDefault().Flag("conditions", "ready") == true, "it counts as ready");
        Assert.False(Slice().Objects("endpoints").Single().Flag("conditions", "serving"));
    }

    [Fact]
    public async Task Endpoints_go_with_their_service()
    {
        await CreateServiceAsync();
        await _rig.UntilAsync(() => _rig.Cluster.All("Endpoints").Count == 1, "they are made");

        await _rig.DeleteAsync("Service", "default", "web");

        await _rig.UntilAsync(() => _rig.Cluster.All("Endpoints").Count == 0, "they go");
    }

    [Fact]
    public async Task Hand_written_endpoints_are_mirrored()
    {
        await _rig.CreateAsync("Service", Make.Object("v1", "Service", "db").With("spec", """{ "ports": [ { "port": 5432 } ] }"""));
        await _rig.CreateAsync("Endpoints", Make.Object("v1", "Endpoints", "db").With(
            "subsets", """[ { "addresses": [ { "ip": "192.0.2.7" } ], "ports": [ { "port": 5432 } ] } ]"""));

        await _rig.UntilAsync(() => _rig.Cluster.All("EndpointSlice").Count == 1, "the slice is made");
        JsonObject slice = Slice()!;
        Assert.Equal("192.0.2.7", slice.Objects("endpoints").Single().Texts("addresses").Single());
        Assert.Equal("endpointslicemirroring-controller.k8s.io", slice.Text("metadata", "labels", "endpointslice.kubernetes.io/managed-by"));
    }

    [Fact]
    public async Task A_service_with_another_selector_has_other_endpoints()
    {
        await CreateServiceAsync();
        await CreatePodAsync("a", "10.0.0.1", isReady: true);
        await CreatePodAsync("b", "10.0.0.2", isReady: true);
        _rig.Cluster.Edit("Pod", "default", "b", pod => pod.Labels(("app", "other")));
        await _rig.UntilAsync(() => Addresses().SequenceEqual(["10.0.0.1"]), "the one is there");

        _rig.Cluster.Edit("Service", "default", "web", service => service["spec"]!["selector"] = Make.Json("""{ "app": "other" }"""));

        await _rig.UntilAsync(() => Addresses().SequenceEqual(["10.0.0.2"]), "the other is there");
        await _rig.UntilAsync(
            () => Slice().Objects("endpoints").SelectMany(endpoint => endpoint.Texts("addresses")).SequenceEqual(["10.0.0.2"]), "the slice says the same");
    }

    [Fact]
    public async Task A_service_that_becomes_an_external_name_has_no_slices()
    {
        await CreateServiceAsync();
        await CreatePodAsync("a", "10.0.0.1", isReady: true);
        await _rig.UntilAsync(() => _rig.Cluster.All("EndpointSlice").Count == 1, "the slice is made");

        _rig.Cluster.Edit("Service", "default", "web", service =>
        {
            service["spec"]!["type"] = "ExternalName";
            service["spec"]!["externalName"] = "db.example.org";
        });

        await _rig.UntilAsync(() => _rig.Cluster.All("EndpointSlice").Count == 0, "the slice goes");
    }

    [Fact]
    public async Task A_pod_that_several_services_select_is_behind_each()
    {
        await CreateServiceAsync();
        await _rig.CreateAsync("Service", Make.Object("v1", "Service", "all").With(
            "spec", """{ "clusterIP": "None", "selector": { "tier": "front", "app": "web" }, "ports": [ { "port": 80 } ] }"""));
        await CreatePodAsync("a", "10.0.0.1", isReady: true);
        await _rig.UntilAsync(() => Addresses().SequenceEqual(["10.0.0.1"]), "it is behind the one");

        _rig.Cluster.Edit("Pod", "default", "a", pod => pod.Labels(("tier", "front")));

        await _rig.UntilAsync(
            () => _rig.Cluster.Find("Endpoints", "default", "all")?.ToJson().Objects("subsets").Any() == true, "it is behind the other, too");
    }

    [Fact]
    public void Two_hundred_and_fifty_endpoints_fill_three_slices_and_one_that_goes_touches_one()
    {
        List<(JsonObject, IReadOnlyList<EndpointPort>)> endpoints =
            [.. Enumerable.Range(0, 250).Select(i => (Endpoint(i), (IReadOnlyList<EndpointPort>)[]))];
        IReadOnlyList<SlicePlan.Slice> first = SlicePlan.Make("IPv4", endpoints, []);
        ObjectDocument[] stored = [.. first.Select((slice, i) => Stored($"s{i}", slice))];
        endpoints.RemoveAt(5);

        IReadOnlyList<SlicePlan.Slice> second = SlicePlan.Make("IPv4", endpoints, stored);

        Assert.Equal([100, 100, 50], first.Select(slice => slice.Endpoints.Count));
        Assert.Equal([99, 100, 50], second.Select(slice => slice.Endpoints.Count));
        Assert.Equal(["s0", "s1", "s2"], second.Select(slice => slice.Existing!.Metadata.Name));
    }

    private static JsonObject Endpoint(int number) =>
        Make.Json($$"""{ "addresses": [ "10.0.{{number / 200}}.{{number % 200}}" ], "targetRef": { "uid": "u{{number}}" } }""");

    private static ObjectDocument Stored(string name, SlicePlan.Slice slice)
    {
        JsonObject json = Make.Object("discovery.k8s.io/v1", "EndpointSlice", name);
        json["endpoints"] = new JsonArray([.. slice.Endpoints.Select(endpoint => endpoint.DeepClone())]);
        json["ports"] = SlicePlan.PortJson(slice.Ports);
        return DraftDocument.From(json).Stamp(1);
    }

    private JsonObject? Slice() => _rig.Cluster.All("EndpointSlice") is [var slice, ..] ? slice.ToJson() : null;

    private IEnumerable<string> Addresses() => Subset().Objects("addresses").Select(address => address.TextOrEmpty("ip"));

    private JsonObject? Subset() => _rig.Cluster.Find("Endpoints", "default", "web")?.ToJson().Objects("subsets").FirstOrDefault();

    private Task CreateServiceAsync(string more = "") => _rig.CreateAsync("Service", Make.Object("v1", "Service", "web").With(
        "spec", $$"""{ "clusterIP": "None", "selector": { "app": "web" }, "ports": [ { "name": "http", "port": 80, "targetPort": "http" } ]{{more}} }"""));

    private async Task CreatePodAsync(string name, string address, bool isReady, int port = 8080, string? hostname = null)
    {
        JsonObject pod = Make.Pod(name, node: "debug").Labels(("app", "web"));
        pod["spec"]!["containers"] = JsonNode.Parse($$"""[ { "name": "app", "ports": [ { "name": "http", "containerPort": {{port}} } ] } ]""");
        if (hostname is not null)
        {
            pod["spec"]!["hostname"] = hostname;
            pod["spec"]!["subdomain"] = "web";
        }

        pod["status"] = JsonNode.Parse($$"""
            { "phase": "Running", "podIP": "{{address}}", "conditions": [ { "type": "Ready", "status": "{{isReady}}" } ] }
            """);
        await _rig.CreateAsync("Pod", pod);
    }
}
