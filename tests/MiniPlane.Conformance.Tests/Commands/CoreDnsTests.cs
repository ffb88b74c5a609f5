using System.Globalization;
using MiniPlane.Conformance.Tests.Rig;
using MiniPlane.Testing;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>
/// A CoreDNS beside the server: a stand-in that reads the Corefile as CoreDNS does and asks the cluster by a stock gRPC over HTTP/2 and
/// mutual TLS.
/// </summary>
public sealed class CoreDnsTests : IAsyncLifetime
{
    private RigSettings? _rig;
    private ControlPlaneProcess? _plane;

    private RigSettings Rig => _rig ?? throw new InvalidOperationException("not initialized");

    private ControlPlaneProcess Plane => _plane ?? throw new InvalidOperationException("not initialized");

    public async Task InitializeAsync()
    {
        _rig = await RigSettings.LoadAsync();
        _plane = new ControlPlaneProcess(
            Rig,
            settings: ["--backend", "sim", "--coredns", Path.Combine(Rig.Sources, "tests/rig/coredns-standin.py"), "--external-dns", "127.0.0.1:1"]);
        await Plane.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_plane is not null)
        {
            await _plane.DisposeAsync();
        }
    }

    [Fact]
    public async Task It_answers_with_the_clusters_names_comes_back_when_killed_and_ends_with_the_cluster()
    {
        await using var kubectl = new Kubectl(Rig, Plane.Kubeconfig, "default", Kubectl.Newest);
        await kubectl.ApplyAsync("""
            apiVersion: v1
            kind: Service
            metadata: {name: elsewhere}
            spec: {clusterIP: None, ports: [{name: http, port: 8080}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: elsewhere-1, labels: {kubernetes.io/service-name: elsewhere}}
            addressType: IPv4
            endpoints: [{addresses: [10.1.2.3]}]
            ports: [{name: http, port: 8080}]
            """);

        await ResolvesAsync();
        Assert.Contains("status: NXDOMAIN", await DigAsync("nothing.default.svc.cluster.local"), StringComparison.Ordinal);
        string first = Assert.Single(await ChildrenAsync());
        (await Rig.RunAsync("kill", "-KILL", first)).OrFail();
        await ResolvesAsync();
        Assert.NotEqual(first, Assert.Single(await ChildrenAsync()));
        await Plane.InterruptAsync();
        Assert.Empty(await ChildrenAsync());
    }

    private Task ResolvesAsync() => Eventually.TrueAsync(
        async () => (await DigAsync("elsewhere.default.svc.cluster.local")).Contains("10.1.2.3", StringComparison.Ordinal),
        "the stand-in answers with the service's address",
        Kubectl.PodLimit);

    private async Task<string> DigAsync(string name) => (await Rig.RunAsync(
        "dig", "@127.0.0.1", "+tries=1", "+time=3", "-p", Plane.DnsPort.ToString(CultureInfo.InvariantCulture), name, "A")).Output;

    private async Task<string[]> ChildrenAsync() =>
        (await Rig.RunAsync("pgrep", "-f", $"coredns-standin.py -conf {Plane.Directory}/")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
