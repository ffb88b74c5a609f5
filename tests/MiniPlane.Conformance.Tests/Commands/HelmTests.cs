using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Commands;

[Collection(ClusterCollection.Name)]
public sealed class HelmTests(Cluster cluster)
{
    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task A_chart_is_installed_upgraded_rolled_back_and_removed(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);
        string chart = await WriteChartAsync(kubectl.Namespace);

        await kubectl.HelmAsync("install", "web", chart, "--wait", "--timeout=90s", "--set", $"image={cluster.Rig.Busybox}");
        await kubectl.HelmAsync("upgrade", "web", chart, "--wait", "--timeout=120s", "--reuse-values", "--set", "colour=blue");
        string colour = await kubectl.FieldAsync("configmap", "web", ".data.colour");
        await kubectl.HelmAsync("rollback", "web", "1", "--wait", "--timeout=120s");
        string list = await kubectl.HelmAsync("list");
        string before = await kubectl.FieldAsync("configmap", "web", ".data.colour");
        await kubectl.HelmAsync("uninstall", "web", "--wait", "--timeout=90s");

        Assert.Equal("blue", colour);
        Assert.Equal("red", before);
        Assert.Matches(@"web\s+\S+\s+3\s+.*deployed", list);
        Assert.DoesNotContain("web", await kubectl.OkAsync("get", "deployments,services,configmaps", "-o", "name"), StringComparison.Ordinal);
    }

    private async Task<string> WriteChartAsync(string name)
    {
        string chart = Path.Combine(cluster.ControlPlane.Directory, "chart-" + name);
        (await cluster.Rig.RunAsync("mkdir", "-p", Path.Combine(chart, "templates"))).OrFail();
        await File.WriteAllTextAsync(Path.Combine(chart, "Chart.yaml"), "{apiVersion: v2, name: web, version: 1.0.0}\n");
        await File.WriteAllTextAsync(Path.Combine(chart, "values.yaml"), "{image: '', colour: red}\n");
        await File.WriteAllTextAsync(Path.Combine(chart, "templates", "web.yaml"), """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: {{ .Release.Name }}}
            data: {colour: {{ .Values.colour }}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: {{ .Release.Name }}}
            spec:
              type: LoadBalancer
              selector: {app: {{ .Release.Name }}}
              ports: [{port: 80, targetPort: 8080}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: {{ .Release.Name }}}
            spec:
              selector: {matchLabels: {app: {{ .Release.Name }}}}
              template:
                metadata:
                  labels: {app: {{ .Release.Name }}}
                  annotations: {colour: {{ .Values.colour }}}
                spec:
                  containers: [{name: main, image: {{ .Values.image }}, command: [sleep, "3600"]}]
            """);
        return chart;
    }
}
