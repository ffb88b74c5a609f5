using System.Text.Json.Nodes;
using MiniPlane.Controllers.Stateful;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Stateful;

public sealed class StatefulSetControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync(context => new StatefulSetController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Pods_come_one_after_the_other_with_lasting_names_and_labels()
    {
        await _rig.CreateAsync("StatefulSet", Set(3));
        await _rig.UntilAsync(() => Names().Length == 1, "the first is made");
        await _rig.SettleAsync();
        string[] whileWaiting = Names();

        await AllReadyAsync("db-0", "db-1", "db-2");

        ObjectDocument second = _rig.Cluster.Find("Pod", "default", "db-1")!;
        JsonObject json = second.ToJson();
        Assert.Equal(["db-0"], whileWaiting);
        Assert.Equal(("db-1", "1"), (second.Metadata.Labels["statefulset.kubernetes.io/pod-name"], second.Metadata.Labels["apps.kubernetes.io/pod-index"]));
        Assert.Equal(("db-1", "dbs"), (json.Text("spec", "hostname"), json.Text("spec", "subdomain")));
        await _rig.UntilAsync(() => _rig.Status("StatefulSet", "db").Integer("availableReplicas") == 3, "all are counted");
        JsonObject status = _rig.Status("StatefulSet", "db");
        Assert.Equal(second.Metadata.Labels["controller-revision-hash"], status.Text("currentRevision"));
        Assert.Equal((3, 3, 3, 0), (status.Integer("readyReplicas"), status.Integer("currentReplicas"), status.Integer("updatedReplicas"), status.Integer("collisionCount")));
        await _rig.UntilAsync(() => _rig.EventLines("SuccessfulCreate").Contains("create Pod db-2 in StatefulSet db successful"), "it is told");
    }

    [Fact]
    public async Task A_parallel_set_starts_all_at_once_from_its_first_number()
    {
        await _rig.CreateAsync("StatefulSet", Set(3, """{ "podManagementPolicy": "Parallel", "ordinals": { "start": 5 } }"""));

        await _rig.UntilAsync(() => Names().Length == 3, "all are made without one being ready");

        Assert.Equal(["db-5", "db-6", "db-7"], Names());
    }

    [Fact]
    public async Task Scaling_down_takes_the_highest_number_first()
    {
        await _rig.CreateAsync("StatefulSet", Set(3));
        await AllReadyAsync("db-0", "db-1", "db-2");

        _rig.Cluster.Edit("StatefulSet", "default", "db", json => json["spec"]!["replicas"] = 1);

        await _rig.UntilAsync(() => IsMarked("db-2"), "the last is asked to go");
        await _rig.SettleAsync();
        Assert.False(IsMarked("db-1"));
        _rig.StepPods();
        await _rig.UntilAsync(() => IsMarked("db-1"), "then the one before");
    }

    [Fact]
    public async Task A_rolling_update_stops_at_the_partition_and_goes_from_the_top()
    {
        await _rig.CreateAsync("StatefulSet", Set(3, """{ "updateStrategy": { "type": "RollingUpdate", "rollingUpdate": { "partition": 1 } } }"""));
        await AllReadyAsync("db-0", "db-1", "db-2");
        await _rig.UntilAsync(() => _rig.Status("StatefulSet", "db").Integer("readyReplicas") == 3, "it rests");
        string before = _rig.Status("StatefulSet", "db").TextOrEmpty("currentRevision");

        Retemplate("app:2");

        await RollAsync(() => Image("db-2") == "app:2" && Image("db-1") == "app:2");
        await _rig.SettleAsync();
        JsonObject status = _rig.Status("StatefulSet", "db");
        Assert.Equal(("app:1", 2, before), (Image("db-0"), status.Integer("updatedReplicas"), status.Text("currentRevision")));

        await _rig.DeleteAsync("Pod", "default", "db-0", grace: 0);
        await _rig.UntilAsync(() => _rig.Cluster.Find("Pod", "default", "db-0") is { Metadata.IsBeingDeleted: false }, "it is made anew");
        Assert.Equal("app:1", Image("db-0"));

        _rig.Cluster.Edit("StatefulSet", "default", "db", json => json["spec"]!["updateStrategy"]!["rollingUpdate"]!["partition"] = 0);
        await RollAsync(() => Image("db-0") == "app:2");
        await _rig.UntilAsync(
            () => _rig.Status("StatefulSet", "db") is var now && now.Text("currentRevision") == now.Text("updateRevision") && now.Text("currentRevision") != before,
            "the update becomes current");
        Assert.Equal(2, _rig.Cluster.All("ControllerRevision").Count);
    }

    [Fact]
    public async Task MaxUnavailable_replaces_several_at_once()
    {
        await _rig.CreateAsync("StatefulSet", Set(4, """{ "podManagementPolicy": "Parallel", "updateStrategy": { "type": "RollingUpdate", "rollingUpdate": { "partition": 0, "maxUnavailable": 2 } } }"""));
        await AllReadyAsync("db-0", "db-1", "db-2", "db-3");

        Retemplate("app:2");

        await _rig.UntilAsync(() => IsMarked("db-3") && IsMarked("db-2"), "two are asked to go");
        await _rig.SettleAsync();
        Assert.False(IsMarked("db-1"));
    }

    [Fact]
    public async Task OnDelete_waits_for_the_user()
    {
        await _rig.CreateAsync("StatefulSet", Set(1, """{ "updateStrategy": { "type": "OnDelete" } }"""));
        await AllReadyAsync("db-0");
        Retemplate("app:2");
        await _rig.UntilAsync(() => _rig.Cluster.All("ControllerRevision").Count == 2, "the change is seen");
        await _rig.SettleAsync();
        string? untouched = Image("db-0");

        await _rig.DeleteAsync("Pod", "default", "db-0", grace: 0);

        await _rig.UntilAsync(() => Image("db-0") == "app:2", "it comes back with the new template");
        Assert.Equal("app:1", untouched);
    }

    [Fact]
    public async Task Undo_makes_the_old_revision_the_newest_again()
    {
        await _rig.CreateAsync("StatefulSet", Set(1));
        await AllReadyAsync("db-0");
        string first = _rig.Cluster.Find("Pod", "default", "db-0")!.Metadata.Labels["controller-revision-hash"];
        Retemplate("app:2");
        await RollAsync(() => Image("db-0") == "app:2");

        Retemplate("app:1");

        await RollAsync(() => Image("db-0") == "app:1");
        Assert.Equal(first, _rig.Cluster.Find("Pod", "default", "db-0")!.Metadata.Labels["controller-revision-hash"]);
        Assert.Equal(3, _rig.Cluster.Find("ControllerRevision", "default", first)!.ToJson().Integer("revision"));
    }

    [Fact]
    public async Task Claims_are_made_once_per_pod_and_their_owners_follow_the_retention_policy()
    {
        JsonObject set = Set(2, """
            { "persistentVolumeClaimRetentionPolicy": { "whenDeleted": "Retain", "whenScaled": "Delete" },
              "volumeClaimTemplates": [ { "metadata": { "name": "data" }, "spec": { "accessModes": ["ReadWriteOnce"] } } ] }
            """);
        await _rig.CreateAsync("StatefulSet", set);
        await AllReadyAsync("db-0", "db-1");
        JsonObject pod = _rig.Cluster.Find("Pod", "default", "db-1")!.ToJson();
        string uid = pod.TextOrEmpty("metadata", "uid");

        _rig.Cluster.Edit("StatefulSet", "default", "db", json => json["spec"]!["replicas"] = 1);

        await _rig.UntilAsync(() => IsMarked("db-1"), "it is asked to go");
        Assert.Equal("data-db-1", pod.Objects("spec", "volumes").Single().Text("persistentVolumeClaim", "claimName"));
        Assert.Equal(["data-db-0", "data-db-1"], _rig.Cluster.All("PersistentVolumeClaim").Select(claim => claim.Metadata.Name));
        Assert.Equal(uid, _rig.Cluster.Find("PersistentVolumeClaim", "default", "data-db-1")!.Metadata.OwnerReferences.Single().Uid);
        Assert.Empty(_rig.Cluster.Find("PersistentVolumeClaim", "default", "data-db-0")!.Metadata.OwnerReferences);
        Assert.Equal("web", _rig.Cluster.Find("PersistentVolumeClaim", "default", "data-db-0")!.Metadata.Labels["app"]);
    }

    [Fact]
    public async Task A_failed_pod_is_made_anew_and_the_second_time_only_after_a_pause()
    {
        await _rig.CreateAsync("StatefulSet", Set(1));
        await _rig.UntilAsync(() => Names().Length == 1, "it is made");
        string first = Uid();
        _rig.Finish("db-0", "Failed");
        await _rig.UntilAsync(() => Uid() is { Length: > 0 } uid && uid != first, "it is made anew");
        string second = Uid();
        _rig.Finish("db-0", "Failed");
        await _rig.SettleAsync();
        string whileWaiting = Uid();

        _rig.Time.Advance(TimeSpan.FromSeconds(2));

        await _rig.UntilAsync(() => Uid() is { Length: > 0 } uid && uid != second, "after the pause once more");
        Assert.Equal(second, whileWaiting);
        string Uid() => _rig.Cluster.Find("Pod", "default", "db-0")?.Metadata.Uid ?? "";
    }

    [Fact]
    public async Task A_ready_pod_holds_up_the_next_until_minReadySeconds_have_passed()
    {
        await _rig.CreateAsync("StatefulSet", Set(2, """{ "minReadySeconds": 10 }"""));
        await _rig.UntilAsync(() => Names().Length == 1, "the first is made");
        _rig.SetReady("db-0");
        await _rig.UntilAsync(() => _rig.Status("StatefulSet", "db").Integer("readyReplicas") == 1, "it is ready");
        await _rig.SettleAsync();
        int whileYoung = Names().Length;

        _rig.Time.Advance(TimeSpan.FromSeconds(11));

        await _rig.UntilAsync(() => Names().Length == 2, "the second is made");
        Assert.Equal(1, whileYoung);
    }

    [Fact]
    public async Task Old_revisions_beyond_the_limit_go()
    {
        await _rig.CreateAsync("StatefulSet", Set(1, """{ "revisionHistoryLimit": 1 }"""));
        await AllReadyAsync("db-0");
        for (int i = 2; i <= 4; i++)
        {
            string image = $"app:{i}";
            Retemplate(image);
            await RollAsync(() => Image("db-0") == image);
            await AllReadyAsync("db-0");
        }

        await _rig.UntilAsync(() => _rig.Cluster.All("ControllerRevision").Count == 2, "the present one and one old stay");
    }

    [Fact]
    public async Task A_claim_of_an_earlier_set_of_the_name_is_left_to_go_before_the_pod_is_made()
    {
        await _rig.CreateAsync("PersistentVolumeClaim", Make.Object("v1", "PersistentVolumeClaim", "data-db-0").With("metadata", """
            { "name": "data-db-0", "namespace": "default",
              "ownerReferences": [ { "apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "uid": "of-the-earlier-one", "controller": true } ] }
            """));
        await _rig.CreateAsync("StatefulSet", Set(1, """
            { "persistentVolumeClaimRetentionPolicy": { "whenDeleted": "Delete", "whenScaled": "Delete" },
              "volumeClaimTemplates": [ { "metadata": { "name": "data" }, "spec": { "accessModes": ["ReadWriteOnce"] } } ] }
            """));
        await _rig.SettleAsync();
        int pods = _rig.Cluster.All("Pod").Count;

        await _rig.DeleteAsync("PersistentVolumeClaim", "default", "data-db-0");

        await _rig.UntilAsync(
            () =>
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(1));
                return _rig.Cluster.All("Pod").Count == 1;
            },
            "the pod is made");
        Assert.Equal(0, pods);
        Assert.Equal(
            _rig.Cluster.Find("StatefulSet", "default", "db")!.Metadata.Uid,
            _rig.Cluster.Find("PersistentVolumeClaim", "default", "data-db-0")!.Metadata.Controller?.Uid);
    }

    [Fact]
    public async Task A_pod_in_the_way_is_waited_for()
    {
        await _rig.CreateAsync("Pod", Make.Pod("db-0").Labels(("app", "another")));
        await _rig.CreateAsync("StatefulSet", Set(1));
        await _rig.SettleAsync();

        await _rig.DeleteAsync("Pod", "default", "db-0", grace: 0);

        await _rig.UntilAsync(
            () =>
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(1));
                return _rig.Cluster.Find("Pod", "default", "db-0")?.Metadata.Controller is not null;
            },
            "the pod is made");
    }

    private static JsonObject Set(int replicas, string more = "{}")
    {
        JsonObject json = Make.Object("apps/v1", "StatefulSet", "db").With("spec", $$"""
            { "replicas": {{replicas}}, "serviceName": "dbs", "selector": { "matchLabels": { "app": "web" } },
              "updateStrategy": { "type": "RollingUpdate", "rollingUpdate": { "partition": 0 } } }
            """);
        json["spec"]!["template"] = Make.PodTemplate();
        foreach ((string name, JsonNode? value) in Make.Json(more))
        {
            json["spec"]![name] = value?.DeepClone();
        }

        return json;
    }

    private string[] Names() => [.. _rig.Cluster.All("Pod").Select(pod => pod.Metadata.Name)];

    private bool IsMarked(string pod) => _rig.Cluster.Find("Pod", "default", pod) is null or { Metadata.IsBeingDeleted: true };

    private string? Image(string pod) =>
        _rig.Cluster.Find("Pod", "default", pod)?.ToJson().Objects("spec", "containers").First().Text("image");

    private void Retemplate(string image) => _rig.Cluster.Edit("StatefulSet", "default", "db", json =>
    {
        json["spec"]!["template"] = Make.PodTemplate(image);
        json["metadata"]!["generation"] = json.Integer("metadata", "generation") + 1;
    });

    private async Task AllReadyAsync(params string[] pods)
    {
        foreach (string pod in pods)
        {
            await _rig.UntilAsync(() => _rig.Cluster.Find("Pod", "default", pod) is { Metadata.IsBeingDeleted: false }, $"{pod} is made");
            _rig.SetReady(pod);
        }

        // What a test does next is decided on by who has seen that they are ready.
        await _rig.SettleAsync();
    }

    private Task RollAsync(Func<bool> done) => _rig.UntilAsync(
        () =>
        {
            _rig.StepPods();
            return done();
        },
        "the rollout ends");
}
