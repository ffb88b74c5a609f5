using System.Text.Json.Nodes;
using MiniPlane.Controllers.Daemons;
using MiniPlane.Controllers.Scheduling;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Daemons;

public sealed class DaemonSetControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public async Task InitializeAsync()
    {
        await _rig.CreateAsync("Node", Node("cpu"));
        await _rig.CreateAsync("Node", Node("gpu").Labels(("kind", "gpu")));
        await _rig.StartAsync(context => new DaemonSetController(context), context => new PassThroughScheduler(context));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Every_node_gets_one_pod_bound_by_name_with_the_tolerations_of_a_daemon()
    {
        await _rig.CreateAsync("DaemonSet", Set());

        await _rig.UntilAsync(() => OnNode("cpu").Length == 1 && OnNode("gpu").Length == 1, "both nodes have one");
        await _rig.UntilAsync(() => _rig.Status("DaemonSet", "agent").Integer("currentNumberScheduled") == 2, "they are counted");
        await _rig.SettleAsync();

        JsonObject pod = OnNode("gpu")[0].ToJson();
        Assert.Equal(2, _rig.Cluster.All("Pod").Count);
        Assert.Contains(pod.Objects("spec", "tolerations"), toleration => toleration.Text("key") == "node.kubernetes.io/unschedulable");
        Assert.Equal((2, 0, 2), Counts("desiredNumberScheduled", "numberReady", "updatedNumberScheduled"));
        _rig.StepPods();
        await _rig.UntilAsync(() => Counts("numberReady", "numberAvailable", "desiredNumberScheduled") == (2, 2, 2), "they are ready");
    }

    [Fact]
    public async Task Only_nodes_that_match_the_selector_and_whose_taints_are_tolerated_count()
    {
        await _rig.CreateAsync("Node", Node("tainted").Labels(("kind", "gpu")).With("spec", """{ "taints": [ { "key": "x", "effect": "NoSchedule" } ] }"""));

        await _rig.CreateAsync("DaemonSet", Set(spec => spec["nodeSelector"] = new JsonObject { ["kind"] = "gpu" }));

        await _rig.UntilAsync(() => OnNode("gpu").Length == 1, "the one that fits has one");
        await _rig.SettleAsync();
        Assert.Single(_rig.Cluster.All("Pod"));
        _rig.Cluster.Edit("Node", "", "tainted", json => json.Ensure("spec").Remove("taints"));
        await _rig.UntilAsync(() => OnNode("tainted").Length == 1, "a node without its taint fits");
        _rig.Cluster.Edit("Node", "", "gpu", json => json.Labels(("kind", "cpu")));
        await _rig.UntilAsync(() => OnNode("gpu").All(pod => pod.Metadata.IsBeingDeleted), "one that fits no more loses its pod");
    }

    [Fact]
    public async Task A_rolling_update_takes_one_node_after_the_other()
    {
        await _rig.CreateAsync("DaemonSet", Set());
        await ReadyAsync();

        Retemplate("app:2");

        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Any(pod => pod.Metadata.IsBeingDeleted), "one is asked to go");
        await _rig.SettleAsync();
        Assert.Equal(1, _rig.Cluster.All("Pod").Count(pod => pod.Metadata.IsBeingDeleted));
        await _rig.UntilAsync(
            () =>
            {
                _rig.StepPods();
                return Images() is ["app:2", "app:2"];
            },
            "both are new");
        Assert.Equal(2, _rig.Cluster.All("ControllerRevision").Count);
    }

    [Fact]
    public async Task With_surge_the_old_pod_stays_until_the_new_one_is_available()
    {
        await _rig.CreateAsync("DaemonSet", Set(surge: 1));
        await ReadyAsync();

        Retemplate("app:2");

        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == 3, "a second one is made on one node");
        await _rig.SettleAsync();
        Assert.DoesNotContain(_rig.Cluster.All("Pod"), pod => pod.Metadata.IsBeingDeleted);
        await _rig.UntilAsync(
            () =>
            {
                _rig.StepPods();
                return Images() is ["app:2", "app:2"];
            },
            "both are new");
    }

    [Fact]
    public async Task A_failed_daemon_pod_is_killed_and_replaced()
    {
        await _rig.CreateAsync("DaemonSet", Set());
        await ReadyAsync();
        string name = OnNode("cpu")[0].Metadata.Name;

        _rig.Cluster.Edit("Pod", "default", name, json => json["status"]!["phase"] = "Failed");

        await _rig.UntilAsync(() => OnNode("cpu") is [var pod] && pod.Metadata.Name != name, "another is there");
        await _rig.UntilAsync(() => _rig.EventLines("FailedDaemonPod").Any(), "it is told");
    }

    [Fact]
    public async Task The_pod_of_a_node_that_has_gone_is_deleted()
    {
        await _rig.CreateAsync("DaemonSet", Set());
        await ReadyAsync();

        await _rig.DeleteAsync("Node", "", "cpu");

        await _rig.UntilAsync(() => OnNode("cpu").All(pod => pod.Metadata.IsBeingDeleted), "it is asked to go");
        await _rig.UntilAsync(() => _rig.Status("DaemonSet", "agent").Integer("desiredNumberScheduled") == 1, "one is wanted");
    }

    private static JsonObject Node(string name) => Make.Object("v1", "Node", name, @namespace: null)
        .With("status", """{ "conditions": [ { "type": "Ready", "status": "True" } ] }""");

    private static JsonObject Set(Action<JsonObject>? edit = null, int surge = 0)
    {
        JsonObject json = Make.Object("apps/v1", "DaemonSet", "agent").With("spec", $$"""
            { "selector": { "matchLabels": { "app": "web" } },
              "updateStrategy": { "type": "RollingUpdate", "rollingUpdate": { "maxUnavailable": {{1 - surge}}, "maxSurge": {{surge}} } } }
            """);
        json["spec"]!["template"] = Make.PodTemplate();
        edit?.Invoke(json["spec"]!["template"]!["spec"]!.AsObject());
        return json;
    }

    private ObjectDocument[] OnNode(string node) =>
        [.. _rig.Cluster.All("Pod").Where(pod => pod.ToJson().Text("spec", "nodeName") == node)];

    private string?[] Images() =>
        [.. _rig.Cluster.All("Pod").Select(pod => pod.ToJson().Objects("spec", "containers").First().Text("image"))];

    private (long?, long?, long?) Counts(string first, string second, string third)
    {
        JsonObject status = _rig.Status("DaemonSet", "agent");
        return (status.Integer(first), status.Integer(second), status.Integer(third));
    }

    private void Retemplate(string image) => _rig.Cluster.Edit("DaemonSet", "default", "agent", json =>
    {
        json["spec"]!["template"] = Make.PodTemplate(image);
        json["metadata"]!["generation"] = json.Integer("metadata", "generation") + 1;
    });

    private async Task ReadyAsync()
    {
        await _rig.UntilAsync(() => OnNode("cpu").Length == 1 && OnNode("gpu").Length == 1, "both nodes have one");
        _rig.StepPods();
        await _rig.UntilAsync(() => _rig.Status("DaemonSet", "agent").Integer("numberAvailable") == 2, "both are available");
    }
}
