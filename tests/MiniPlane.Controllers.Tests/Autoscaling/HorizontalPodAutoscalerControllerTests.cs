using System.Text.Json.Nodes;
using MiniPlane.Controllers.Autoscaling;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Autoscaling;

public sealed class HorizontalPodAutoscalerControllerTests : IAsyncLifetime
{
    private const string Utilization = """{ "type": "Resource", "resource": { "name": "cpu", "target": { "type": "Utilization", "averageUtilization": 50 } } }""";

    private readonly ControllerRig _rig = new();
    private readonly FakeUsage _usage;

    public HorizontalPodAutoscalerControllerTests() => _usage = new FakeUsage(_rig.Time);

    public async Task InitializeAsync()
    {
        await _rig.StartAsync(context => new HorizontalPodAutoscalerController(context, _usage, new NoAggregatedGroups()));
        await _rig.CreateAsync("Deployment", Make.Deployment("web", 2));
        foreach (string pod in (string[])["a", "bb"])
        {
            await CreatePodAsync(pod);
        }

        // An autoscaler looks once and then not before the clock is moved, so what it is to see has to be there.
        await _rig.SettleAsync();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Pods_that_use_twice_their_target_are_doubled()
    {
        _usage.Everywhere = 100;

        await CreateAsync(Utilization);

        await _rig.UntilAsync(() => Replicas == 4, "it is scaled");
        await _rig.UntilAsync(() => _rig.EventLines("SuccessfulRescale").Any(), "the event is written");
        await _rig.UntilAsync(() => Status.Integer("desiredReplicas") == 4, "the status says so");
        Assert.Equal(["New size: 4; reason: cpu resource utilization (percentage of request) above target"], _rig.EventLines("SuccessfulRescale"));
        Assert.Equal(100, Status.Objects("currentMetrics").Single().Integer("resource", "current", "averageUtilization"));
        Assert.Equal("ValidMetricFound", Condition("ScalingActive").Text("reason"));
        Assert.Equal("SucceededRescale", Condition("AbleToScale").Text("reason"));
    }

    [Fact]
    public async Task More_than_the_maximum_is_not_made_and_said()
    {
        _usage.Everywhere = 1000;

        await CreateAsync(Utilization, most: 3);

        await _rig.UntilAsync(() => Replicas == 3, "it is scaled");
        await _rig.UntilAsync(() => Condition("ScalingLimited").Text("reason") == "TooManyReplicas", "the limit is told");
    }

    [Fact]
    public async Task Idle_pods_go_only_after_the_stabilization_window()
    {
        _usage.Everywhere = 1;
        await CreateAsync(Utilization);
        await _rig.UntilAsync(() => Condition("AbleToScale").Text("reason") == "ScaleDownStabilized", "it waits");
        Assert.Equal(2, Replicas);

        for (int i = 0; i < 21; i++)
        {
            await _rig.SettleAsync();
            _rig.Time.Advance(TimeSpan.FromSeconds(15));
        }

        await _rig.UntilAsync(() => Replicas == 1, "one has gone");
    }

    [Fact]
    public async Task Without_measurements_nothing_is_scaled_and_the_reason_is_told()
    {
        await CreateAsync(Utilization);

        await _rig.UntilAsync(() => Condition("ScalingActive").Text("status") == "False", "it is told");
        await _rig.UntilAsync(() => _rig.EventLines("FailedGetResourceMetric").Any(), "the event is written");
        Assert.Equal("FailedGetResourceMetric", Condition("ScalingActive").Text("reason"));
        Assert.Equal(2, Replicas);
    }

    [Fact]
    public async Task Two_autoscalers_over_the_same_pods_scale_nothing_and_name_each_other()
    {
        await CreateAsync(Utilization);
        await _rig.UntilAsync(() => Condition("ScalingActive") is not null, "the first was looked at");
        _usage.Everywhere = 100;

        await CreateAsync(Utilization, name: "again");

        await _rig.UntilAsync(() => _rig.Condition("HorizontalPodAutoscaler", "again", "ScalingActive") is not null, "the second was looked at");
        JsonObject active = _rig.Condition("HorizontalPodAutoscaler", "again", "ScalingActive")!;
        Assert.Equal("AmbiguousSelector", active.Text("reason"));
        Assert.Equal("pods by selector app=web are controlled by multiple HPAs: [default/again default/web]", active.Text("message"));
        Assert.Equal(2, Replicas);
    }

    [Fact]
    public async Task A_target_that_is_not_there_is_told()
    {
        await CreateAsync(Utilization, target: "nothing");

        await _rig.UntilAsync(() => Condition("AbleToScale").Text("reason") == "FailedGetScale", "it is told");
    }

    [Fact]
    public async Task A_custom_metric_without_an_adapter_is_a_condition()
    {
        await CreateAsync("""{ "type": "External", "external": { "metric": { "name": "queue" }, "target": { "type": "Value", "value": "1" } } }""");

        await _rig.UntilAsync(() => Condition("ScalingActive").Text("reason") == "FailedGetExternalMetric", "it is told");
    }

    private long Replicas => _rig.Cluster.Find("Deployment", "default", "web")!.ToJson().Integer("spec", "replicas") ?? 0;

    private JsonObject Status => _rig.Status("HorizontalPodAutoscaler", "web");

    private JsonObject? Condition(string type) => _rig.Condition("HorizontalPodAutoscaler", "web", type);

    private async Task CreateAsync(string metric, int most = 10, string target = "web", string name = "web") => await _rig.CreateAsync(
        "HorizontalPodAutoscaler",
        Make.Object("autoscaling/v2", "HorizontalPodAutoscaler", name).With("spec", $$"""
            { "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "{{target}}" }, "minReplicas": 1, "maxReplicas": {{most}},
              "metrics": [ {{metric}} ] }
            """));

    private async Task CreatePodAsync(string name)
    {
        string longAgo = ApiTime.Format(_rig.Time.GetUtcNow() - TimeSpan.FromHours(1));
        await _rig.CreateAsync("Pod", Make.Object("v1", "Pod", name).Labels(("app", "web")).With(
            "spec", """{ "containers": [ { "name": "app", "resources": { "requests": { "cpu": "100m" } } } ] }"""));
        _rig.Cluster.Edit("Pod", "default", name, pod => pod["status"] = JsonNode.Parse($$"""
            { "phase": "Running", "startTime": "{{longAgo}}", "conditions": [ { "type": "Ready", "status": "True", "lastTransitionTime": "{{longAgo}}" } ] }
            """));
    }
}
