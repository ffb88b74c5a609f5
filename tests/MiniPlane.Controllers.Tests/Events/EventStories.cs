using System.Text.Json.Nodes;
using MiniPlane.Controllers.Collection;
using MiniPlane.Controllers.Daemons;
using MiniPlane.Controllers.Disruption;
using MiniPlane.Controllers.Jobs;
using MiniPlane.Controllers.Networking;
using MiniPlane.Controllers.Nodes;
using MiniPlane.Controllers.Replication;
using MiniPlane.Controllers.Rollouts;
using MiniPlane.Controllers.Scheduling;
using MiniPlane.Controllers.Stateful;
using MiniPlane.Controllers.Tests.Scheduling;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Tests.Events;

/// <summary>What is done to a cluster, one story for each row of <see cref="RecordedEventsTests"/>.</summary>
internal static class EventStories
{
    private const string Template = """{ "metadata": { "labels": { "app": "web" } }, "spec": { "containers": [ { "name": "app" } ], "restartPolicy": "Never" } }""";

    public static async Task RunAsync(ControllerRig rig, string story)
    {
        Task play = story switch
        {
            "Deployment" => DeploymentAsync(rig),
            "Deployment refused" => RefusedDeploymentAsync(rig),
            "ReplicaSet" => ReplicaSetAsync(rig, refused: ""),
            "ReplicaSet refused" => ReplicaSetAsync(rig, refused: "create pods"),
            "ReplicaSet held" => ReplicaSetAsync(rig, refused: "delete pods"),
            "ReplicationController" => ReplicationControllerAsync(rig),
            "StatefulSet" => StatefulSetAsync(rig),
            "DaemonSet" => DaemonSetAsync(rig),
            "Job" => JobAsync(rig, "Succeeded", """ "backoffLimit": 0 """),
            "Job failed" => JobAsync(rig, "Failed", """ "backoffLimit": 0 """),
            "Job suspended" => SuspendedJobAsync(rig),
            "Job late" => LateJobAsync(rig),
            "CronJob" or "CronJob busy" or "CronJob by hand" or "CronJob asleep" or "CronJob refused" or "CronJob nonsense" => CronStories.RunAsync(rig, story),
            "Claim" or "Claim pending" or "Volume" => VolumeStories.RunAsync(rig, story),
            "Autoscaler" => AutoscalerStory.RunAsync(rig),
            "PodDisruptionBudget" => BudgetAsync(rig),
            "PodDisruptionBudget unmanaged" => UnmanagedBudgetAsync(rig),
            "Node" => NodeAsync(rig),
            "Node tainted" => TaintAsync(rig),
            "Node tainted for a while" => ShortTaintAsync(rig),
            "Garbage" => GarbageAsync(rig),
            "Pod" => PodAsync(rig, "debug"),
            "Pod nowhere" => PodAsync(rig, node: null),
            "Service refused" => RefusedServiceAsync(rig),
            _ => throw new ArgumentException(story, nameof(story)),
        };
        await play;
    }

    private static async Task DeploymentAsync(ControllerRig rig)
    {
        await rig.StartAsync(context => new DeploymentController(context));
        await rig.CreateAsync("Deployment", Make.Deployment("web", 2));
        await rig.UntilAsync(() => rig.EventLines("ScalingReplicaSet").Count() == 1, "it is made");
        rig.Cluster.Edit("Deployment", "default", "web", json => json["spec"]!["replicas"] = 5);
        await rig.UntilAsync(() => rig.EventLines("ScalingReplicaSet").Count() == 2, "it grows");
        rig.Cluster.Edit("Deployment", "default", "web", json => json["spec"]!["replicas"] = 1);
    }

    private static async Task RefusedDeploymentAsync(ControllerRig rig)
    {
        Refuse(rig, "create replicasets");
        await rig.StartAsync(context => new DeploymentController(context));
        await rig.CreateAsync("Deployment", Make.Deployment("web", 2));
    }

    private static async Task ReplicaSetAsync(ControllerRig rig, string refused)
    {
        Refuse(rig, refused);
        await rig.StartAsync(context => new ReplicaSetController(context));
        await rig.CreateAsync("ReplicaSet", Make.ReplicaSet("web", 1));
        await rig.UntilAsync(() => rig.Cluster.All("Event").Count > 0, "the first event is written");
        rig.Cluster.Edit("ReplicaSet", "default", "web", json => json["spec"]!["replicas"] = 0);
    }

    private static async Task ReplicationControllerAsync(ControllerRig rig)
    {
        await rig.StartAsync(context => new ReplicationControllerController(context));
        JsonObject body = Make.Object("v1", "ReplicationController", "web").With("spec", """{ "replicas": 1, "selector": { "app": "web" } }""");
        body["spec"]!["template"] = Make.PodTemplate();
        await rig.CreateAsync("ReplicationController", body);
    }

    private static async Task StatefulSetAsync(ControllerRig rig)
    {
        await rig.StartAsync(context => new StatefulSetController(context));
        await rig.CreateAsync("StatefulSet", Make.Object("apps/v1", "StatefulSet", "web").With("spec", $$"""
            { "replicas": 1, "serviceName": "web", "selector": { "matchLabels": { "app": "web" } }, "template": {{Template}},
              "volumeClaimTemplates": [ { "metadata": { "name": "data" }, "spec": { } } ] }
            """));
        await rig.UntilAsync(() => rig.Cluster.Find("Pod", "default", "web-0") is not null, "the pod is made");
        rig.Finish("web-0", "Failed");
    }

    private static async Task DaemonSetAsync(ControllerRig rig)
    {
        await rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}"));
        await rig.StartAsync(context => new DaemonSetController(context));
        await rig.CreateAsync("DaemonSet", Make.Object("apps/v1", "DaemonSet", "web").With(
            "spec", $$"""{ "selector": { "matchLabels": { "app": "web" } }, "updateStrategy": { "type": "OnDelete" }, "template": {{Template}} }"""));
        await rig.UntilAsync(() => rig.Cluster.All("Pod").Count == 1, "the pod is made");
        rig.Finish(rig.Cluster.All("Pod")[0].Metadata.Name, "Failed");
    }

    private static async Task JobAsync(ControllerRig rig, string end, string more)
    {
        await StartJobAsync(rig, more);
        await rig.UntilAsync(() => rig.Cluster.All("Pod").Count == 1, "the pod is made");
        rig.Finish(rig.Cluster.All("Pod")[0].Metadata.Name, end);
    }

    private static async Task SuspendedJobAsync(ControllerRig rig)
    {
        await StartJobAsync(rig, """ "suspend": true """);
        await rig.UntilAsync(() => rig.EventLines("Suspended").Any(), "it is suspended");
        rig.Cluster.Edit("Job", "default", "web", json => json["spec"]!["suspend"] = false);
    }

    private static async Task LateJobAsync(ControllerRig rig)
    {
        await StartJobAsync(rig, """ "activeDeadlineSeconds": 10 """);
        await rig.UntilAsync(() => rig.Cluster.All("Pod").Count == 1, "the pod is made");
        await rig.SettleAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(11));
        await rig.UntilAsync(() => rig.Cluster.All("Pod").All(pod => pod.Metadata.IsBeingDeleted), "the pod is asked to go");
        rig.StepPods();
    }

    private static async Task StartJobAsync(ControllerRig rig, string more)
    {
        await rig.StartAsync(context => new JobController(context));
        await rig.CreateAsync("Job", Make.Object("batch/v1", "Job", "web").With("spec", $$"""
            { "completions": 1, "parallelism": 1, "selector": { "matchLabels": { "app": "web" } }, "template": {{Template}}, {{more}} }
            """));
    }

    private static async Task BudgetAsync(ControllerRig rig)
    {
        await rig.StartAsync(context => new DisruptionController(context));
        await rig.CreateAsync("PodDisruptionBudget", Make.Object("policy/v1", "PodDisruptionBudget", "web").With(
            "spec", """{ "minAvailable": 1, "selector": { "matchLabels": { "app": "web" } } }"""));
    }

    private static async Task NodeAsync(ControllerRig rig)
    {
        await rig.StartAsync(context => new NodeLifecycleController(context));
        await rig.CreateAsync("Pod", Make.Pod("web", node: "debug"));
        await rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}"));
        SetReady(rig, "True");
        await rig.UntilAsync(() => rig.EventLines("RegisteredNode").Any(), "the node is known");
        SetReady(rig, "Unknown");
        await rig.UntilAsync(() => rig.EventLines("NodeNotReady").Count() == 2, "its loss is told");
        SetReady(rig, "True");
        await rig.UntilAsync(() => rig.EventLines("NodeReady").Any(), "its return is told");
        rig.Cluster.Edit("Node", "", "debug", node => node.Ensure("spec")["unschedulable"] = true);
        await rig.UntilAsync(() => rig.EventLines("NodeNotSchedulable").Any(), "its closing is told");
        rig.Cluster.Edit("Node", "", "debug", node => node.Ensure("spec")["unschedulable"] = false);
        await rig.UntilAsync(() => rig.EventLines("NodeSchedulable").Any(), "its opening is told");
        await rig.DeleteAsync("Node", "", "debug");
    }

    private static async Task TaintAsync(ControllerRig rig)
    {
        await rig.StartAsync(context => new TaintEvictionController(context));
        await rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}", spec: """{ "taints": [ { "key": "away", "effect": "NoExecute" } ] }"""));
        await rig.CreateAsync("Pod", Make.Pod("web", node: "debug"));
    }

    private static async Task ShortTaintAsync(ControllerRig rig)
    {
        await rig.StartAsync(context => new TaintEvictionController(context));
        await rig.CreateAsync("Node", PlacementTests.NodeJson("debug", "{}", spec: """{ "taints": [ { "key": "away", "effect": "NoExecute" } ] }"""));
        JsonObject pod = Make.Pod("web", node: "debug");
        pod["spec"]!["tolerations"] = JsonNode.Parse("""[ { "key": "away", "operator": "Exists", "tolerationSeconds": 600 } ]""");
        await rig.CreateAsync("Pod", pod);
        await rig.SettleAsync();
        rig.Cluster.Edit("Node", "", "debug", node => node["spec"]!["taints"] = new JsonArray());
    }

    private static async Task UnmanagedBudgetAsync(ControllerRig rig)
    {
        await rig.StartAsync(context => new DisruptionController(context));
        await rig.CreateAsync("Pod", Make.Pod("web").Labels(("app", "web")));
        await rig.CreateAsync("PodDisruptionBudget", Make.Object("policy/v1", "PodDisruptionBudget", "web").With(
            "spec", """{ "maxUnavailable": "50%", "selector": { "matchLabels": { "app": "web" } } }"""));
    }

    private static async Task GarbageAsync(ControllerRig rig)
    {
        ObjectDocument owner = await rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "owner", "elsewhere"));
        await rig.StartAsync(context => new GarbageCollector(context));
        JsonObject body = Make.Object("v1", "ConfigMap", "web");
        body.Ensure("metadata")["ownerReferences"] = JsonNode.Parse(
            $$"""[ { "apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": "{{owner.Metadata.Uid}}" } ]""");
        await rig.CreateAsync("ConfigMap", body);
    }

    private static async Task PodAsync(ControllerRig rig, string? node)
    {
        await rig.StartAsync(context => new PassThroughScheduler(context));
        if (node is not null)
        {
            await rig.CreateAsync("Node", PlacementTests.NodeJson(node, "{}"));
        }

        await rig.CreateAsync("Pod", Make.Pod("web"));
    }

    private static async Task RefusedServiceAsync(ControllerRig rig)
    {
        rig.Cluster.Refuse = static line =>
            line.StartsWith("create endpoint", StringComparison.Ordinal) ? ApiErrors.Forbidden("", "", "", "it may not be") : null;
        await rig.StartAsync(context => new EndpointsController(context), context => new EndpointSliceController(context));
        await rig.CreateAsync("Service", Make.Object("v1", "Service", "web").With("spec", """{ "selector": { "app": "web" }, "ports": [ { "port": 80 } ] }"""));
    }

    public static void Refuse(ControllerRig rig, string what)
    {
        if (what.Length > 0)
        {
            rig.Cluster.Refuse = line =>
                line.StartsWith(what, StringComparison.Ordinal) ? ApiErrors.Forbidden("", "", "", "exceeded quota") : null;
        }
    }

    private static void SetReady(ControllerRig rig, string status) => rig.Cluster.Edit("Node", "", "debug", node =>
        node.Ensure("status")["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = status }));
}
