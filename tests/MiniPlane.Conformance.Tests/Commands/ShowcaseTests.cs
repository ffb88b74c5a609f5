using MiniPlane.Conformance.Tests.Rig;
using MiniPlane.Testing;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>The project's own chart (tests/charts/showcase) on real Slurm, from its installation to what stays after its removal.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ShowcaseTests(Cluster cluster)
{
    [Fact]
    public async Task A_chart_with_storage_schedule_ingress_and_autoscaling_comes_to_rest_and_goes()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string chart = Path.Combine(cluster.Rig.Repository, "tests/charts/showcase");

        await kubectl.HelmAsync("install", "show", chart, "--wait", "--timeout=180s", "--set", $"image={cluster.Rig.Busybox}", "--set", "port=18423");

        await kubectl.FieldIsAsync("statefulset", "show-store", ".status.readyReplicas", "2");
        await kubectl.FieldIsAsync("pvc", "data-show-store-1", ".status.phase", "Bound");
        await kubectl.FieldIsAsync("pdb", "show-web", ".status.disruptionsAllowed", "1");
        await kubectl.ShowsAsync("show-web", "top", "pod");
        await kubectl.FieldIsAsync("hpa", "show-web", ".status.conditions[?(@.type=='ScalingActive')].status", "True");
        Assert.Equal("hello", await AskAsync(kubectl));

        await kubectl.OkAsync("create", "job", "--from=cronjob/show-report", "report");
        await kubectl.FieldIsAsync("job", "report", ".status.succeeded", "1");
        Assert.Equal("1", (await kubectl.OkAsync("logs", "job/report")).Trim());

        await kubectl.HelmAsync("uninstall", "show", "--wait", "--timeout=120s");
        Assert.Contains("data-show-store-0", await kubectl.OkAsync("get", "pvc"), StringComparison.Ordinal);
        await kubectl.OkAsync("delete", "pvc", "data-show-store-0", "data-show-store-1", "--timeout=60s");
        await Eventually.TrueAsync(
            async () => !(await kubectl.OkAsync("get", "pv")).Contains(kubectl.Namespace, StringComparison.Ordinal), "the volumes go with their claims", Kubectl.PodLimit);
    }

    private static async Task<string> AskAsync(Kubectl kubectl)
    {
        string port = "";
        await Eventually.TrueAsync(
            async () => (port = await kubectl.FieldAsync("ingress", "show-web", ".status.loadBalancer.ingress[0].ports[0].port")).Length > 0,
            "the Ingress has an address",
            Kubectl.PodLimit);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/");
        request.Headers.Host = "show.example";
        using HttpResponseMessage answer = await client.SendAsync(request, CancellationToken.None);
        return (await answer.Content.ReadAsStringAsync(CancellationToken.None)).Trim();
    }
}
