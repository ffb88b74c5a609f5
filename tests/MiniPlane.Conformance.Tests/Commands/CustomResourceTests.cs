using System.Text.Json.Nodes;
using MiniPlane.Conformance.Tests.Rig;

namespace MiniPlane.Conformance.Tests.Commands;

/// <summary>A kind that a user brings along, with both kubectl releases.</summary>
[Collection(ClusterCollection.Name)]
public sealed class CustomResourceTests(Cluster cluster)
{
    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: crontabs.GROUP}
        spec:
          group: GROUP
          scope: Namespaced
          names: {plural: crontabs, singular: crontab, kind: CronTab, shortNames: [ct], categories: [all]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources:
              status: {}
              scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas, labelSelectorPath: .status.labelSelector}
            additionalPrinterColumns:
            - {name: Spec, type: string, description: The cron spec, jsonPath: .spec.cronSpec}
            - {name: Replicas, type: integer, jsonPath: .spec.replicas}
            - {name: Age, type: date, jsonPath: .metadata.creationTimestamp}
            schema:
              openAPIV3Schema:
                type: object
                description: CronTab runs an image by the clock.
                required: [spec]
                properties:
                  spec:
                    type: object
                    description: What shall run and when.
                    required: [cronSpec]
                    x-kubernetes-validations:
                    - {rule: self.replicas <= self.maxReplicas, message: replicas must not exceed maxReplicas}
                    properties:
                      cronSpec: {type: string, pattern: '^(\d+|\*)(/\d+)?(\s+(\d+|\*)(/\d+)?){4}$'}
                      image: {type: string, default: busybox, description: The image to run.}
                      replicas: {type: integer, minimum: 1, maximum: 10, default: 1}
                      maxReplicas: {type: integer, default: 10}
                  status:
                    type: object
                    properties:
                      replicas: {type: integer}
                      labelSelector: {type: string}
        """;

    [Theory]
    [InlineData(Kubectl.Newest)]
    [InlineData(Kubectl.Older)]
    public async Task A_custom_kind_is_used_as_any_other(string release)
    {
        await using Kubectl kubectl = await cluster.NewNamespaceAsync(release);
        string group = $"{kubectl.Namespace}.example.org";
        string definition = Definition.Replace("GROUP", group, StringComparison.Ordinal);
        string resource = $"crontabs.{group}";
        await kubectl.ApplyAsync(definition);
        await kubectl.OkAsync("wait", "--for=condition=Established", "--timeout=30s", $"crd/{resource}");

        string said = await kubectl.ApplyAsync(CronTab(group, "'* * * * */5'", 1));
        string again = await kubectl.ApplyAsync(CronTab(group, "'* * * * */5'", 1));
        CommandResult wrong = await kubectl.RunAsync(CronTab(group, "whenever", 1), [], "apply", "-f", "-");
        CommandResult excessive = await kubectl.RunAsync("patch", resource, "mine", "--type=merge", "-p", """{"spec":{"maxReplicas":0}}""");
        string table = await kubectl.OkAsync("get", resource);
        string explained = await kubectl.OkAsync("explain", "crontabs.spec", "--api-version", $"{group}/v1");
        await kubectl.OkAsync("scale", resource, "mine", "--replicas=3");
        await kubectl.OkAsync("patch", resource, "mine", "--subresource=status", "--type=merge", "-p", """{"status":{"replicas":3}}""");
        JsonNode found = await kubectl.GetAsync(resource, "mine");
        string everything = await kubectl.OkAsync("get", "all", "-o", "name");
        string deleted = await kubectl.OkAsync("delete", "crd", resource, "--timeout=60s");
        CommandResult gone = await kubectl.RunAsync("get", resource);

        Assert.EndsWith(" created\n", said, StringComparison.Ordinal);
        Assert.EndsWith(" unchanged\n", again, StringComparison.Ordinal);
        Assert.Contains("spec.cronSpec in body should match", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("replicas must not exceed maxReplicas", excessive.Error, StringComparison.Ordinal);
        Assert.Matches(@"NAME\s+SPEC\s+REPLICAS\s+AGE\nmine\s+\* \* \* \* \*/5\s+1\s+", table);
        Assert.Contains("The image to run.", explained, StringComparison.Ordinal);
        Assert.Equal((3, 3, "busybox"), ((int)found["spec"]!["replicas"]!, (int)found["status"]!["replicas"]!, (string?)found["spec"]!["image"]));
        Assert.Contains($"crontab.{group}/mine", everything, StringComparison.Ordinal);
        Assert.Contains("deleted", deleted, StringComparison.Ordinal);
        Assert.NotEqual(0, gone.ExitCode);
    }

    private static string CronTab(string group, string spec, int replicas) => $$"""
        apiVersion: {{group}}/v1
        kind: CronTab
        metadata: {name: mine}
        spec: {cronSpec: {{spec}}, replicas: {{replicas}}}
        """;
}
