using System.Text.Json.Nodes;
using MiniPlane.Controllers.Replication;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Tests.Replication;

public sealed class ReplicaSetControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync(context => new ReplicaSetController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task It_makes_exactly_as_many_pods_as_asked_for()
    {
        await _rig.CreateAsync("ReplicaSet", Make.ReplicaSet("web", 20));

        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == 20, "the pods are made");
        await _rig.SettleAsync();

        Assert.Equal(20, _rig.Cluster.All("Pod").Count);
        ObjectDocument pod = _rig.Cluster.All("Pod")[0];
        Assert.Equal("web", pod.Metadata.Labels["app"]);
        Assert.Equal(("ReplicaSet", "web", true), (pod.Metadata.Controller!.Kind, pod.Metadata.Controller.Name, pod.Metadata.Controller.BlocksOwnerDeletion));
        Assert.StartsWith("web-", pod.Metadata.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_status_counts_ready_pods()
    {
        await _rig.CreateAsync("ReplicaSet", Make.ReplicaSet("web", 2));
        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == 2, "the pods are made");

        _rig.SetReady(_rig.Cluster.All("Pod")[0].Metadata.Name);

        await _rig.UntilAsync(() => _rig.Status("ReplicaSet", "web").Integer("readyReplicas") == 1, "one is ready");
        JsonObject status = _rig.Status("ReplicaSet", "web");
        Assert.Equal(
            (2, 2, 1, 1),
            (status.Integer("replicas"), status.Integer("fullyLabeledReplicas"), status.Integer("availableReplicas"), status.Integer("observedGeneration")));
    }

    [Fact]
    public async Task A_pod_is_available_only_after_minReadySeconds()
    {
        JsonObject set = Make.ReplicaSet("web", 1);
        set["spec"]!["minReadySeconds"] = 10;
        await _rig.CreateAsync("ReplicaSet", set);
        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == 1, "the pod is made");
        _rig.SetReady(_rig.Cluster.All("Pod")[0].Metadata.Name);
        await _rig.UntilAsync(() => _rig.Status("ReplicaSet", "web").Integer("readyReplicas") == 1, "it is ready");
        long? before = _rig.Status("ReplicaSet", "web").Integer("availableReplicas");

        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(11));

        await _rig.UntilAsync(() => _rig.Status("ReplicaSet", "web").Integer("availableReplicas") == 1, "it becomes available");
        Assert.Null(before);
    }

    [Fact]
    public async Task A_pod_that_failed_is_replaced()
    {
        await _rig.CreateAsync("ReplicaSet", Make.ReplicaSet("web", 1));
        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == 1, "the pod is made");

        _rig.Finish(_rig.Cluster.All("Pod")[0].Metadata.Name, "Failed");

        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == 2, "another is made");
    }

    [Fact]
    public async Task Pods_that_fail_round_after_round_are_replaced_at_a_bounded_pace()
    {
        await _rig.CreateAsync("ReplicaSet", Make.ReplicaSet("web", 1));
        for (int round = 1; round <= 2; round++)
        {
            int expected = round;
            await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == expected, "a pod is made");
            _rig.Finish(_rig.Cluster.All("Pod")[^1].Metadata.Name, "Failed");
        }

        await _rig.SettleAsync();
        int whileWaiting = _rig.Cluster.All("Pod").Count;
        _rig.Time.Advance(TimeSpan.FromSeconds(11));

        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == 3, "after the pause another is made");
        Assert.Equal(2, whileWaiting);
    }

    [Fact]
    public async Task Scaling_down_keeps_the_ready_pods()
    {
        await _rig.CreateAsync("ReplicaSet", Make.ReplicaSet("web", 3));
        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == 3, "the pods are made");
        string keeper = _rig.Cluster.All("Pod")[1].Metadata.Name;
        _rig.SetReady(keeper);

        _rig.Cluster.Edit("ReplicaSet", "default", "web", json => json["spec"]!["replicas"] = 1);

        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == 1, "two are deleted");
        Assert.Equal(keeper, _rig.Cluster.All("Pod")[0].Metadata.Name);
    }

    [Fact]
    public async Task An_orphan_that_matches_is_adopted_and_one_that_no_longer_matches_is_released()
    {
        await _rig.CreateAsync("Pod", Make.Pod("stray").Labels(("app", "web")));
        await _rig.UntilAsync(
            () => _rig.Context.Informers.For(_rig.Cluster.Kind("Pod")).Find(new ObjectKey("default", "stray")) is not null, "the cache has it");
        await _rig.CreateAsync("ReplicaSet", Make.ReplicaSet("web", 1));
        await _rig.UntilAsync(() => _rig.Cluster.Find("Pod", "default", "stray")!.Metadata.Controller is not null, "it is adopted");
        int whileAdopted = _rig.Cluster.All("Pod").Count;

        _rig.Cluster.Edit("Pod", "default", "stray", json => json.Labels(("app", "other")));

        await _rig.UntilAsync(() => _rig.Cluster.Find("Pod", "default", "stray")!.Metadata.Controller is null, "it is released");
        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == 2, "another takes its place");
        Assert.Equal(1, whileAdopted);
    }

    [Fact]
    public async Task A_refused_pod_is_told_in_condition_and_event_and_only_tried_once_per_look()
    {
        int tries = 0;
        _rig.Cluster.Refuse = line =>
        {
            if (!line.StartsWith("create pods", StringComparison.Ordinal))
            {
                return null;
            }

            Interlocked.Increment(ref tries);
            return ApiErrors.Forbidden("", "pods", "", "exceeded quota");
        };

        await _rig.CreateAsync("ReplicaSet", Make.ReplicaSet("web", 5));

        await _rig.UntilAsync(() => _rig.Condition("ReplicaSet", "web", "ReplicaFailure") is not null, "the condition is set");
        Assert.Equal("FailedCreate", _rig.Condition("ReplicaSet", "web", "ReplicaFailure").Text("reason"));
        await _rig.UntilAsync(() => _rig.EventLines("FailedCreate").Any(), "the event is written");
        Assert.InRange(tries, 1, 2);
    }

    [Fact]
    public async Task A_restarted_controller_makes_no_second_set_of_pods()
    {
        await using var rig = new ControllerRig();
        ObjectDocument set = await rig.CreateAsync("ReplicaSet", Make.ReplicaSet("web", 3));
        for (int i = 0; i < 2; i++)
        {
            JsonObject pod = Make.Pod($"web-{i}").Labels(("app", "web"));
            pod.Ensure("metadata")["ownerReferences"] = JsonNode.Parse(
                $$"""[{ "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "{{set.Metadata.Uid}}", "controller": true }]""");
            await rig.CreateAsync("Pod", pod);
        }

        await rig.StartAsync(context => new ReplicaSetController(context));
        await rig.UntilAsync(() => rig.Cluster.All("Pod").Count >= 3, "the missing one is made");
        await rig.SettleAsync();

        Assert.Equal(3, rig.Cluster.All("Pod").Count);
    }
}
