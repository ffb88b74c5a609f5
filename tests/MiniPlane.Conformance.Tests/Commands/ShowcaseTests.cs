using MiniPlane.Conformance.Tests.Rig;
using MiniPlane.Testing;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>The project's own chart (tests/charts/showcase) on real Slurm, from its installation to what stays after its removal.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ShowcaseTests(Cluster cluster)
{
    /// <summary>A start of a CronJob that is due each minute, and its pod.</summary>
    private static readonly TimeSpan ScheduleLimit = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task A_chart_with_storage_schedule_ingress_and_autoscaling_goes_through_its_states()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        string chart = Path.Combine(cluster.Rig.Sources, "tests/charts/showcase");

        await kubectl.HelmAsync(
            "install", "show", chart, "--wait", "--timeout=180s", "--set", $"image={cluster.Rig.Busybox},port=18423", "--set", "report.schedule=* * * * *");
        await ComesToRestAsync(kubectl);
        await IsUpgradedAndGrowsAsync(kubectl, chart);
        await IsRolledBackAndShrinksAsync(kubectl);
        await KeepsItsDataAsync(kubectl);
        await ReportsAsync(kubectl);
        await GoesAsync(kubectl);
    }

    private static async Task ComesToRestAsync(Kubectl kubectl)
    {
        await kubectl.FieldIsAsync("statefulset", "show-store", ".status.readyReplicas", "2");
        await kubectl.FieldIsAsync("pvc", "data-show-store-1", ".status.phase", "Bound");
        await kubectl.FieldIsAsync("pdb", "show-web", ".status.disruptionsAllowed", "1");
        await kubectl.ShowsAsync("show-web", "top", "pod");
        await kubectl.FieldIsAsync("hpa", "show-web", ".status.conditions[?(@.type=='ScalingActive')].status", "True");
        await AnswersAsync(kubectl, "hello");
    }

    private static async Task IsUpgradedAndGrowsAsync(Kubectl kubectl, string chart)
    {
        await kubectl.HelmAsync(
            "upgrade", "show", chart, "--reuse-values", "--wait", "--timeout=180s", "--set", "text=bye,web.busy=true,web.utilization=20,web.most=2");
        await AnswersAsync(kubectl, "bye");
        await kubectl.ShowsAsync("cpu resource utilization (percentage of request) above target", "describe", "hpa", "show-web");
        await kubectl.FieldIsAsync("deployment", "show-web", ".status.readyReplicas", "2");
        await kubectl.FieldIsAsync("pdb", "show-web", ".status.currentHealthy", "2");
        await AnswersAsync(kubectl, "bye");
    }

    private static async Task IsRolledBackAndShrinksAsync(Kubectl kubectl)
    {
        await kubectl.HelmAsync("rollback", "show", "1", "--wait", "--timeout=180s");
        await AnswersAsync(kubectl, "hello");
        await kubectl.ShowsAsync("All metrics below target", "describe", "hpa", "show-web");
        await kubectl.FieldIsAsync("deployment", "show-web", ".status.replicas", "1");
        Assert.Contains("Rollback to 1", await kubectl.HelmAsync("history", "show"), StringComparison.Ordinal);
    }

    private static async Task KeepsItsDataAsync(Kubectl kubectl)
    {
        string before = await kubectl.FieldAsync("pod", "show-store-1", ".metadata.uid");
        await kubectl.OkAsync("scale", "statefulset", "show-store", "--replicas=1");
        await kubectl.FieldIsAsync("statefulset", "show-store", ".status.replicas", "1");
        await kubectl.FieldIsAsync("pvc", "data-show-store-1", ".status.phase", "Bound");
        await kubectl.OkAsync("scale", "statefulset", "show-store", "--replicas=2");
        await kubectl.FieldIsAsync("statefulset", "show-store", ".status.readyReplicas", "2");
        Assert.NotEqual(before, await kubectl.FieldAsync("pod", "show-store-1", ".metadata.uid"));
        Assert.Equal("2", (await kubectl.OkAsync("exec", "show-store-1", "--", "sh", "-c", "wc -l < /data/starts")).Trim());
    }

    /// <summary>By its schedule, and by hand.</summary>
    private static async Task ReportsAsync(Kubectl kubectl)
    {
        await Eventually.TrueAsync(
            async () => (await kubectl.FieldAsync("cronjob", "show-report", ".status.lastSuccessfulTime")).Length > 0, "a report was made by the schedule", ScheduleLimit);
        await kubectl.OkAsync("create", "job", "--from=cronjob/show-report", "report");
        await kubectl.FieldIsAsync("job", "report", ".status.succeeded", "1");
        Assert.Equal("1", (await kubectl.OkAsync("logs", "job/report")).Trim());
    }

    private static async Task GoesAsync(Kubectl kubectl)
    {
        await kubectl.HelmAsync("uninstall", "show", "--wait", "--timeout=120s");
        Assert.Contains("data-show-store-0", await kubectl.OkAsync("get", "pvc"), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await kubectl.OkAsync("get", "pods", "-o", "name")).Length == 0, "no pod stays", Kubectl.PodLimit);
        await kubectl.OkAsync("delete", "pvc", "data-show-store-0", "data-show-store-1", "--timeout=60s");
        await Eventually.TrueAsync(
            async () => !(await kubectl.OkAsync("get", "pv")).Contains(kubectl.Namespace, StringComparison.Ordinal), "the volumes go with their claims", Kubectl.PodLimit);
    }

    private static Task AnswersAsync(Kubectl kubectl, string text) => Eventually.TrueAsync(
        async () => await AskAsync(kubectl) == text, $"the Ingress leads to a pod that says {text}", Kubectl.PodLimit);

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
