using System.Text.Json.Nodes;
using MiniPlane.Controllers.Autoscaling;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Autoscaling;

/// <summary>Autoscaling by what adapters serve under custom.metrics.k8s.io and external.metrics.k8s.io.</summary>
public sealed class AdapterMetricsTests : IAsyncLifetime
{
    private const string Custom = "/apis/custom.metrics.k8s.io/v1beta2/namespaces/default";
    private const string Pods = """{ "type": "Pods", "pods": { "metric": { "name": "rps" }, "target": { "type": "AverageValue", "averageValue": "10" } } }""";

    private readonly ControllerRig _rig = new();
    private readonly FakeAdapters _adapters = new();

    public async Task InitializeAsync()
    {
        _adapters.Versions["custom.metrics.k8s.io"] = ["v1beta2", "v1beta1"];
        _adapters.Versions["external.metrics.k8s.io"] = ["v1beta1"];
        await _rig.StartAsync(context => new HorizontalPodAutoscalerController(context, new NoUsage(), _adapters));
        await _rig.CreateAsync("Deployment", Make.Deployment("web", 2));
        _rig.Cluster.Edit("Deployment", "default", "web", json => json["status"] = JsonNode.Parse("""{ "replicas": 2 }"""));
        foreach (string pod in (string[])["a", "bb"])
        {
            await CreatePodAsync(pod);
        }

        await _rig.SettleAsync();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_metric_of_the_pods_is_averaged_over_them()
    {
        _adapters.Answers[Custom + "/pods/*/rps"] = """
            [ { "describedObject": { "kind": "Pod", "name": "a" }, "value": "25" }, { "describedObject": { "kind": "Pod", "name": "bb" }, "value": "15" } ]
            """;

        await CreateAsync(Pods);

        await _rig.UntilAsync(() => Replicas == 4, "20 each, where 10 are wanted, makes twice as many");
        await _rig.UntilAsync(() => _rig.EventLines("SuccessfulRescale").Any(), "the event is written");
        await _rig.UntilAsync(() => Status.Objects("currentMetrics").Any(), "the status is written");
        Assert.Equal(["New size: 4; reason: pods metric rps above target"], _rig.EventLines("SuccessfulRescale"));
        Assert.Equal("20", Status.Objects("currentMetrics").Single().Text("pods", "current", "averageValue"));
        Assert.Contains($"horizontal-pod-autoscaler {Custom}/pods/*/rps?labelSelector=app%3Dweb", _adapters.Asked);
    }

    [Fact]
    public async Task A_metric_of_an_object_is_held_at_its_value()
    {
        _adapters.Answers[Custom + "/deployments.apps/front/hits"] = """[ { "value": "3k" } ]""";

        await CreateAsync("""
            { "type": "Object", "object": { "describedObject": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "front" },
              "metric": { "name": "hits", "selector": { "matchLabels": { "verb": "get" } } }, "target": { "type": "Value", "value": "1k" } } }
            """);

        await _rig.UntilAsync(() => Replicas == 6, "three times the value makes three times the two ready pods");
        await _rig.UntilAsync(() => Condition("ScalingActive").Text("reason") == "ValidMetricFound", "the status is written");
        Assert.Equal("the HPA was able to successfully calculate a replica count from Deployment metric hits", Condition("ScalingActive").Text("message"));
        Assert.Equal("3k", Status.Objects("currentMetrics").Single().Text("object", "current", "value"));
        Assert.EndsWith("/hits?metricLabelSelector=verb%3Dget", _adapters.Asked.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_metric_from_outside_is_shared_by_the_pods()
    {
        _adapters.Answers["/apis/external.metrics.k8s.io/v1beta1/namespaces/default/queue"] = """[ { "value": "50" }, { "value": "20" } ]""";

        await CreateAsync("""
            { "type": "External", "external": { "metric": { "name": "queue", "selector": { "matchLabels": { "q": "work" } } },
              "target": { "type": "AverageValue", "averageValue": "10" } } }
            """);

        await _rig.UntilAsync(() => Replicas == 7, "70 in all, 10 for each");
        await _rig.UntilAsync(() => Condition("ScalingActive").Text("reason") == "ValidMetricFound", "the status is written");
        Assert.Equal(
            "the HPA was able to successfully calculate a replica count from external metric queue(&LabelSelector{MatchLabels:map[string]string{q: work,},MatchExpressions:[]LabelSelectorRequirement{},})",
            Condition("ScalingActive").Text("message"));
        Assert.Equal("35", Status.Objects("currentMetrics").Single().Text("external", "current", "averageValue"));
    }

    [Fact]
    public async Task An_adapter_that_does_not_know_the_metric_is_told_in_event_and_condition()
    {
        await CreateAsync(Pods);

        const string Why = "unable to get metric rps: unable to fetch metrics from custom metrics API: the server could not find the requested resource";
        await _rig.UntilAsync(() => Condition("ScalingActive").Text("reason") == "FailedGetPodsMetric", "it is told");
        await _rig.UntilAsync(() => _rig.EventLines("FailedComputeMetricsReplicas").Any(), "the events are written");
        Assert.Equal($"the HPA was unable to compute the replica count: {Why}", Condition("ScalingActive").Text("message"));
        Assert.Equal([Why], _rig.EventLines("FailedGetPodsMetric"));
        Assert.Equal(
            [$"invalid metrics (1 invalid out of 1), first error is: failed to get pods metric value: {Why}"],
            _rig.EventLines("FailedComputeMetricsReplicas"));
        Assert.Equal(2, Replicas);
    }

    [Fact]
    public async Task Without_an_adapter_the_missing_API_is_named()
    {
        _adapters.Versions.Clear();

        await CreateAsync(Pods);

        await _rig.UntilAsync(() => Condition("ScalingActive").Text("reason") == "FailedGetPodsMetric", "it is told");
        Assert.Contains("no custom metrics API (custom.metrics.k8s.io) registered", Condition("ScalingActive").TextOrEmpty("message"), StringComparison.Ordinal);
    }

    private long Replicas => _rig.Cluster.Find("Deployment", "default", "web")!.ToJson().Integer("spec", "replicas") ?? 0;

    private JsonObject Status => _rig.Status("HorizontalPodAutoscaler", "web");

    private JsonObject? Condition(string type) => _rig.Condition("HorizontalPodAutoscaler", "web", type);

    private async Task CreateAsync(string metric) => await _rig.CreateAsync(
        "HorizontalPodAutoscaler",
        Make.Object("autoscaling/v2", "HorizontalPodAutoscaler", "web").With("spec", $$"""
            { "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "web" }, "minReplicas": 1, "maxReplicas": 10,
              "metrics": [ {{metric}} ],
              "behavior": { "scaleUp": { "policies": [ { "type": "Pods", "value": 100, "periodSeconds": 15 } ] } } }
            """));

    private async Task CreatePodAsync(string name)
    {
        string longAgo = ApiTime.Format(_rig.Time.GetUtcNow() - TimeSpan.FromHours(1));
        await _rig.CreateAsync("Pod", Make.Object("v1", "Pod", name).Labels(("app", "web")));
        _rig.Cluster.Edit("Pod", "default", name, pod => pod["status"] = JsonNode.Parse($$"""
            { "phase": "Running", "startTime": "{{longAgo}}", "conditions": [ { "type": "Ready", "status": "True", "lastTransitionTime": "{{longAgo}}" } ] }
            """));
    }
}
