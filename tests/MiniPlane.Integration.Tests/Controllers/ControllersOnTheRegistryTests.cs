using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Integration.Tests.Controllers;

public sealed class ControllersOnTheRegistryTests(ControlledCluster cluster) : IClassFixture<ControlledCluster>
{
    [Fact]
    public async Task A_deployment_with_a_service_rolls_out_rolls_over_and_rests()
    {
        string ns = await NamespaceAsync();
        await cluster.CreateAsync(Deployment(ns, replicas: 2));
        await cluster.CreateAsync($$"""
            { "apiVersion": "v1", "kind": "Service", "metadata": { "name": "web", "namespace": "{{ns}}" },
              "spec": { "clusterIP": "None", "selector": { "app": "web" }, "ports": [ { "port": 80, "targetPort": "http" } ] } }
            """);
        await CompleteAsync(ns, replicas: 2, revision: "1");
        await cluster.MergeAsync("Deployment", ns, "web", """{ "spec": { "template": { "metadata": { "annotations": { "kubectl.kubernetes.io/restartedAt": "now" } } } } }""");

        await CompleteAsync(ns, replicas: 2, revision: "2");
        await cluster.RestAsync(ns);

        Assert.Equal([0, 2], (await cluster.ListAsync("ReplicaSet", ns)).Select(set => set.ToJson().Integer("spec", "replicas") ?? 0).Order());
        JsonObject slice = Assert.Single(await cluster.ListAsync("EndpointSlice", ns)).ToJson();
        Assert.Equal(2, slice.Array("endpoints")!.Count);
        Assert.Equal(8080, slice.Objects("ports").Single().Integer("port"));
        Assert.Equal(2, Assert.Single(await cluster.ListAsync("Endpoints", ns)).ToJson().Objects("subsets").Single().Array("addresses")!.Count);
    }

    [Fact]
    public async Task Deleting_a_deployment_takes_its_replica_sets_and_pods_along()
    {
        string ns = await NamespaceAsync();
        await cluster.CreateAsync(Deployment(ns, replicas: 2));
        await CompleteAsync(ns, replicas: 2, revision: "1");

        await cluster.DeleteAsync("Deployment", ns, "web", "Foreground");
        await Eventually.TrueAsync(
            async () =>
            {
                await cluster.StepPodsAsync(ns);
                return (await cluster.ListAsync("Deployment", ns)).Count == 0;
            },
            "the deployment goes");

        Assert.Empty(await cluster.ListAsync("ReplicaSet", ns));
        Assert.Empty(await cluster.ListAsync("Pod", ns));
    }

    [Fact]
    public async Task A_job_as_a_user_writes_it_completes_and_its_pods_are_counted_once()
    {
        string ns = await NamespaceAsync();
        await cluster.CreateAsync($$"""
            { "apiVersion": "batch/v1", "kind": "Job", "metadata": { "name": "work", "namespace": "{{ns}}" },
              "spec": { "completions": 3, "parallelism": 2,
                        "template": { "spec": { "restartPolicy": "Never", "containers": [ { "name": "app", "image": "busybox" } ] } } } }
            """);

        await Eventually.TrueAsync(
            async () =>
            {
                await cluster.StepPodsAsync(ns, "Succeeded");
                return HasCondition(await cluster.StatusAsync("Job", ns, "work"), "Complete");
            },
            "it completes");
        await cluster.RestAsync(ns);

        Assert.Equal(3, (await cluster.StatusAsync("Job", ns, "work")).Integer("succeeded"));
        Assert.All(await cluster.ListAsync("Pod", ns), pod => Assert.Empty(pod.Metadata.Finalizers));
    }

    [Fact]
    public async Task A_deleted_namespace_goes_with_everything_in_it()
    {
        string ns = await NamespaceAsync();
        await cluster.CreateAsync(Deployment(ns, replicas: 1));
        await CompleteAsync(ns, replicas: 1, revision: "1");

        await cluster.DeleteAsync("Namespace", "", ns);

        await Eventually.TrueAsync(
            async () =>
            {
                await cluster.StepPodsAsync(ns);
                return await cluster.FindAsync("Namespace", "", ns) is null;
            },
            "it goes",
            TimeSpan.FromSeconds(30));
        Assert.Empty(await cluster.ListAsync("ConfigMap", ns));
    }

    [Fact]
    public async Task Pods_find_the_api_server_behind_the_service_kubernetes()
    {
        await Eventually.TrueAsync(
            async () => (await cluster.ListAsync("EndpointSlice", "default")).Count == 1, "its slice is mirrored");

        JsonObject slice = (await cluster.ListAsync("EndpointSlice", "default"))[0].ToJson();
        Assert.Equal("kubernetes", slice.Text("metadata", "labels", "kubernetes.io/service-name"));
        Assert.Equal("192.0.2.1", slice.Objects("endpoints").Single().Texts("addresses").Single());
        Assert.Equal(6443, slice.Objects("ports").Single().Integer("port"));
    }

    [Fact]
    public async Task A_pod_that_fits_no_partition_says_so_and_an_event_tells_it()
    {
        string ns = await NamespaceAsync();
        await cluster.CreateAsync($$"""
            { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "big", "namespace": "{{ns}}" },
              "spec": { "containers": [ { "name": "app", "image": "busybox", "resources": { "limits": { "nvidia.com/gpu": "1" } } } ] } }
            """);

        await Eventually.TrueAsync(async () => (await cluster.ListAsync("Event", ns)).Count > 0, "the event is written");

        JsonObject told = (await cluster.ListAsync("Event", ns))[0].ToJson();
        Assert.Equal(("FailedScheduling", "default-scheduler"), (told.Text("reason"), told.Text("source", "component")));
        Assert.Contains("Insufficient nvidia.com/gpu", told.Text("message"), StringComparison.Ordinal);
        JsonObject condition = (await cluster.StatusAsync("Pod", ns, "big")).Objects("conditions").Single(each => each.Text("type") == "PodScheduled");
        Assert.Equal(("False", "Unschedulable"), (condition.Text("status"), condition.Text("reason")));
    }

    private static string Deployment(string ns, int replicas) => $$"""
        { "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "web", "namespace": "{{ns}}" },
          "spec": { "replicas": {{replicas}}, "selector": { "matchLabels": { "app": "web" } },
                    "template": { "metadata": { "labels": { "app": "web" } },
                                  "spec": { "containers": [ { "name": "app", "image": "nginx", "ports": [ { "name": "http", "containerPort": 8080 } ] } ] } } } }
        """;

    private static bool HasCondition(JsonObject status, string type) =>
        status.Objects("conditions").Any(condition => condition.Text("type") == type && condition.Text("status") == "True");

    private async Task<string> NamespaceAsync()
    {
        ObjectDocument made = await cluster.CreateAsync(
            """{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "generateName": "test-" } }""");
        string ns = made.Metadata.Name;
        await Eventually.TrueAsync(
            async () => await cluster.FindAsync("ServiceAccount", ns, "default") is not null, "the namespace is ready");
        return ns;
    }

    private Task CompleteAsync(string ns, int replicas, string revision) => Eventually.TrueAsync(
        async () =>
        {
            await cluster.StepPodsAsync(ns);
            ObjectDocument deployment = (await cluster.FindAsync("Deployment", ns, "web"))!;
            JsonNode? status = deployment.ToJson()["status"];
            return status.Integer("updatedReplicas") == replicas
                && status.Integer("replicas") == replicas
                && status.Integer("availableReplicas") == replicas
                && status.Integer("observedGeneration") == deployment.Metadata.Generation
                && deployment.Metadata.Annotations.GetValueOrDefault("deployment.kubernetes.io/revision") == revision;
        },
        $"revision {revision} is out");
}
