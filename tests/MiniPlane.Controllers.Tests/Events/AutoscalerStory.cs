using System.Text.Json.Nodes;
using MiniPlane.Controllers.Autoscaling;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Tests.Autoscaling;

namespace MiniPlane.Controllers.Tests.Events;

/// <summary>What is done to autoscalers, for a row of <see cref="RecordedEventsTests"/>.</summary>
internal static class AutoscalerStory
{
    public static async Task RunAsync(ControllerRig rig)
    {
        var usage = new FakeUsage(rig.Time);
        await rig.StartAsync(context => new HorizontalPodAutoscalerController(context, usage, new NoAggregatedGroups()));
        await rig.CreateAsync("Deployment", Make.Deployment("web", 1));
        await rig.CreateAsync("Pod", RunningPod(rig));
        await rig.CreateAsync("HorizontalPodAutoscaler", Autoscaler("lost", "nothing"));
        await rig.CreateAsync("HorizontalPodAutoscaler", Autoscaler("web", "web"));
        await rig.UntilAsync(() => rig.EventLines("FailedComputeMetricsReplicas").Any(), "that there are no figures is told");
        usage.Everywhere = 100;
        await PassAsync(rig);
        await rig.UntilAsync(() => rig.EventLines("SuccessfulRescale").Count() == 1, "it grows");
        rig.Cluster.Edit("HorizontalPodAutoscaler", "default", "web", static json =>
        {
            json["spec"]!["minReplicas"] = 3;
            json["metadata"]!["generation"] = 2;
        });
        await PassAsync(rig);
    }

    private static async Task PassAsync(ControllerRig rig)
    {
        await rig.SettleAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(16));
    }

    private static JsonObject RunningPod(ControllerRig rig)
    {
        string longAgo = ApiTime.Format(rig.Time.GetUtcNow() - TimeSpan.FromHours(1));
        JsonObject pod = Make.Object("v1", "Pod", "web").Labels(("app", "web")).With(
            "spec", """{ "containers": [ { "name": "app", "resources": { "requests": { "cpu": "100m" } } } ] }""");
        pod["status"] = JsonNode.Parse($$"""
            { "phase": "Running", "startTime": "{{longAgo}}", "conditions": [ { "type": "Ready", "status": "True", "lastTransitionTime": "{{longAgo}}" } ] }
            """);
        return pod;
    }

    private static JsonObject Autoscaler(string name, string target) =>
        Make.Object("autoscaling/v2", "HorizontalPodAutoscaler", name).With("spec", $$"""
            { "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "{{target}}" }, "minReplicas": 1, "maxReplicas": 10,
              "metrics": [ { "type": "Resource", "resource": { "name": "cpu", "target": { "type": "Utilization", "averageUtilization": 50 } } } ] }
            """);
}
