using System.Globalization;
using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>The cluster's names, asked for with dig over UDP and TCP.</summary>
[Collection(ClusterCollection.Name)]
public sealed class DnsTests(Cluster cluster)
{
    [Fact]
    public async Task A_service_resolves_to_its_ready_pods_and_their_named_port()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.OkAsync("create", "deployment", "web", $"--image={cluster.Rig.Busybox}", "--replicas=2", "--", "sleep", "3600");
        await kubectl.ApplyAsync("""
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{name: http, port: 8080}]}
            """);
        await kubectl.OkAsync("rollout", "status", "deployment/web", "--timeout=90s");
        string[] pods = (await kubectl.OkAsync("get", "pods", "-o", "jsonpath={.items[*].status.podIP}")).Split(' ');
        string name = $"web.{kubectl.Namespace}.svc.cluster.local";

        await kubectl.FieldIsAsync("endpoints", "web", ".subsets[0].ports[0].port", "8080");
        string[] udp = (await DigAsync(name, "A")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] tcp = (await DigAsync(name, "A", "+tcp")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string srv = await DigAsync($"_http._tcp.{name}", "SRV");

        Assert.Equal(pods.Order(StringComparer.Ordinal), udp.Order(StringComparer.Ordinal));
        Assert.Equal(pods.Order(StringComparer.Ordinal), tcp.Order(StringComparer.Ordinal));
        Assert.Contains(" 8080 ", srv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_NXDOMAIN()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();

        string answer = (await cluster.Rig.RunAsync(
            "dig", "@127.0.0.1", "-p", Port, $"nothing.{kubectl.Namespace}.svc.cluster.local", "A")).OrFail();

        Assert.Contains("status: NXDOMAIN", answer, StringComparison.Ordinal);
        Assert.Contains("SOA", answer, StringComparison.Ordinal);
    }

    private string Port => cluster.ControlPlane.DnsPort.ToString(CultureInfo.InvariantCulture);

    private async Task<string> DigAsync(string name, string type, params string[] options) =>
        (await cluster.Rig.RunAsync(["dig", "+short", "@127.0.0.1", "-p", Port, .. options, name, type])).OrFail();
}
