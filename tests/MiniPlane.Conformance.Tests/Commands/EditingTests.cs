using System.Text.Json.Nodes;
using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>Commands that change objects, with both kubectl releases.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EditingTests(Cluster cluster)
{
    private const string Settings = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings}
        data: {colour: red, shape: round}
        """;

    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task Edit_label_annotate_and_patch_change_what_they_say(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);
        await kubectl.ApplyAsync(Settings);

        (await kubectl.RunAsync(null, ["KUBE_EDITOR=sed -i s/red/blue/"], "edit", "configmap", "settings")).OrFail();
        await kubectl.OkAsync("label", "configmap", "settings", "tier=front");
        CommandResult twice = await kubectl.RunAsync("label", "configmap", "settings", "tier=back");
        await kubectl.OkAsync("annotate", "configmap", "settings", "note=kept");
        await kubectl.OkAsync("patch", "configmap", "settings", "-p", """{"data":{"size":"large"}}""");
        await kubectl.OkAsync("patch", "configmap", "settings", "--type=json", "-p", """[{"op":"remove","path":"/data/shape"}]""");

        JsonNode map = await kubectl.GetAsync("configmap", "settings");
        Assert.Equal("blue", (string?)map["data"]!["colour"]);
        Assert.Equal("large", (string?)map["data"]!["size"]);
        Assert.Null(map["data"]!["shape"]);
        Assert.Equal("front", (string?)map["metadata"]!["labels"]!["tier"]);
        Assert.Equal("kept", (string?)map["metadata"]!["annotations"]!["note"]);
        Assert.NotEqual(0, twice.ExitCode);
    }

    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task Apply_removes_what_the_new_file_leaves_out_and_keeps_what_others_added(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);
        await kubectl.ApplyAsync(Settings);
        await kubectl.OkAsync("patch", "configmap", "settings", "-p", """{"data":{"size":"large"}}""");
        string changed = Settings.Replace("red, shape: round", "green", StringComparison.Ordinal);

        CommandResult difference = await kubectl.RunAsync(changed, [], "diff", "-f", "-");
        string said = await kubectl.ApplyAsync(changed);
        string again = await kubectl.ApplyAsync(changed);

        Assert.Equal(1, difference.ExitCode);
        Assert.Contains("-  colour: red", difference.Output, StringComparison.Ordinal);
        Assert.Contains("+  colour: green", difference.Output, StringComparison.Ordinal);
        Assert.Equal("configmap/settings configured\n", said);
        Assert.Equal("configmap/settings unchanged\n", again);
        JsonObject data = (await kubectl.GetAsync("configmap", "settings"))["data"]!.AsObject();
        Assert.Equal(["colour", "size"], data.Select(pair => pair.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task A_kustomization_is_applied_and_deleted(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);
        string directory = Path.Combine(cluster.ControlPlane.Directory, kubectl.Namespace);
        (await cluster.Rig.RunAsync("mkdir", directory)).OrFail();
        await File.WriteAllTextAsync(Path.Combine(directory, "settings.yaml"), Settings);
        await File.WriteAllTextAsync(Path.Combine(directory, "kustomization.yaml"), """
            namePrefix: my-
            resources: [settings.yaml]
            configMapGenerator:
            - {name: made, literals: [a=1]}
            """);

        await kubectl.OkAsync("apply", "-k", directory);
        string names = await kubectl.OkAsync("get", "configmaps", "-o", "name");
        await kubectl.OkAsync("delete", "-k", directory);

        Assert.Contains("configmap/my-settings", names, StringComparison.Ordinal);
        Assert.Contains("configmap/my-made-", names, StringComparison.Ordinal);
        Assert.DoesNotContain("my-", await kubectl.OkAsync("get", "configmaps", "-o", "name"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task A_wrong_field_is_named_and_nothing_is_stored(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);
        const string Manifest = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: wrong}
            spec:
              replicas: -1
              selector: {matchLabels: {app: a}}
              template:
                metadata: {labels: {app: b}}
                spec: {containers: [{name: Main, image: x}]}
            """;

        CommandResult result = await kubectl.RunAsync(Manifest, [], "apply", "-f", "-");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("spec.replicas", result.Error, StringComparison.Ordinal);
        Assert.Contains("spec.template.spec.containers[0].name", result.Error, StringComparison.Ordinal);
        Assert.Contains("NotFound", (await kubectl.RunAsync("get", "deployment", "wrong")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_namespace_deletes_what_is_in_it()
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync();
        await kubectl.ApplyAsync(Settings);
        await kubectl.OkAsync("run", "one", $"--image={cluster.Rig.Busybox}", "--", "sleep", "3600");
        await kubectl.FieldIsAsync("pod", "one", ".status.phase", "Running");

        await kubectl.OkAsync("delete", "namespace", kubectl.Namespace, "--timeout=90s");

        Assert.Contains("NotFound", (await kubectl.RunAsync("get", "namespace", kubectl.Namespace)).Error, StringComparison.Ordinal);
        Assert.Contains("No resources", (await kubectl.RunAsync("get", "pods,configmaps")).Error, StringComparison.Ordinal);
    }
}
