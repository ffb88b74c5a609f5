using System.Text.Json.Nodes;
using MiniPlane.Controllers.Replication;
using MiniPlane.Controllers.Rollouts;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Tests.Rollouts;

public sealed class DeploymentControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() =>
        _rig.StartAsync(context => new DeploymentController(context), context => new ReplicaSetController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_new_deployment_gets_a_numbered_replica_set_and_becomes_available()
    {
        await _rig.CreateAsync("Deployment", Make.Deployment("web", 3));

        await CompleteAsync(3);

        ObjectDocument set = Assert.Single(_rig.Cluster.All("ReplicaSet"));
        Assert.Equal("1", set.Metadata.Annotations[DeploymentAnnotations.Revision]);
        Assert.Equal($"web-{set.Metadata.Labels[TemplateHash.Label]}", set.Metadata.Name);
        Assert.Equal("1", _rig.Cluster.Find("Deployment", "default", "web")!.Metadata.Annotations[DeploymentAnnotations.Revision]);
        Assert.Equal("MinimumReplicasAvailable", _rig.Condition("Deployment", "web", "Available").Text("reason"));
        Assert.Equal($"ReplicaSet \"{set.Metadata.Name}\" has successfully progressed.", _rig.Condition("Deployment", "web", "Progressing").Text("message"));
    }

    [Fact]
    public async Task A_rolling_update_keeps_enough_pods_available_and_never_makes_too_many()
    {
        await _rig.CreateAsync("Deployment", Make.Deployment("web", 4));
        await CompleteAsync(4);
        int fewest = int.MaxValue;
        int most = 0;

        SetImage("app:2");
        await _rig.UntilAsync(
            () =>
            {
                int[] ready = [.. _rig.Cluster.All("Pod").Where(pod => !pod.Metadata.IsBeingDeleted).Select(IsReady)];
                fewest = Math.Min(fewest, ready.Sum());
                most = Math.Max(most, (int)_rig.Cluster.All("ReplicaSet").Sum(set => set.ToJson().Integer("spec", "replicas") ?? 0));
                _rig.StepPods();
                return IsComplete(4) && _rig.Cluster.All("ReplicaSet").Count == 2;
            },
            "the new template is out");

        Assert.InRange(fewest, 3, 4);
        Assert.InRange(most, 4, 5);
        Assert.All(_rig.Cluster.All("Pod").Where(pod => !pod.Metadata.IsBeingDeleted), pod => Assert.Equal("app:2", Image(pod)));
        static int IsReady(ObjectDocument pod) => pod.ToJson().Objects("status", "conditions").Any(c => c.Text("status") == "True") ? 1 : 0;
    }

    [Fact]
    public async Task Going_back_to_an_old_template_reuses_its_replica_set_under_a_new_revision()
    {
        await _rig.CreateAsync("Deployment", Make.Deployment("web", 1));
        await CompleteAsync(1);
        string first = _rig.Cluster.All("ReplicaSet")[0].Metadata.Name;
        SetImage("app:2");
        await _rig.UntilAsync(() => _rig.Cluster.All("ReplicaSet").Count == 2, "the second one is made");
        await CompleteAsync(1);

        SetImage("app:1");
        await _rig.UntilAsync(() => Revision(first) == "3", "the first one is the newest again");
        await CompleteAsync(1);

        Assert.Equal(2, _rig.Cluster.All("ReplicaSet").Count);
        Assert.Equal("1", _rig.Cluster.Find("ReplicaSet", "default", first)!.Metadata.Annotations[DeploymentAnnotations.RevisionHistory]);
    }

    [Fact]
    public async Task Recreate_ends_all_old_pods_before_it_starts_a_new_one()
    {
        await _rig.CreateAsync("Deployment", Make.Deployment("web", 2, """{ "type": "Recreate" }"""));
        await CompleteAsync(2);
        bool mixed = false;

        SetImage("app:2");
        await _rig.UntilAsync(
            () =>
            {
                mixed |= _rig.Cluster.All("Pod").Select(Image).Distinct().Count() > 1;
                _rig.StepPods();
                return _rig.Cluster.All("ReplicaSet").Count == 2 && IsComplete(2);
            },
            "the new template is out");

        Assert.False(mixed);
    }

    [Fact]
    public async Task A_rollout_that_stands_still_fails_its_deadline()
    {
        await _rig.CreateAsync("Deployment", Make.Deployment("web", 1));
        await _rig.UntilAsync(() => _rig.Condition("Deployment", "web", "Progressing") is not null, "it has begun");
        await _rig.SettleAsync();

        _rig.Time.Advance(TimeSpan.FromSeconds(605));

        await _rig.UntilAsync(
            () => _rig.Condition("Deployment", "web", "Progressing").Text("reason") == "ProgressDeadlineExceeded", "it timed out");
        Assert.Equal("False", _rig.Condition("Deployment", "web", "Progressing").Text("status"));
    }

    [Fact]
    public async Task A_paused_deployment_scales_but_does_not_roll()
    {
        await _rig.CreateAsync("Deployment", Make.Deployment("web", 1));
        await CompleteAsync(1);
        _rig.Cluster.Edit("Deployment", "default", "web", json =>
        {
            json["spec"]!["paused"] = true;
            json["spec"]!["replicas"] = 3;
            json["spec"]!["template"] = Make.PodTemplate("app:2");
        });

        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").Count == 3, "it is scaled");
        await _rig.SettleAsync();

        Assert.Single(_rig.Cluster.All("ReplicaSet"));
        Assert.Equal("DeploymentPaused", _rig.Condition("Deployment", "web", "Progressing").Text("reason"));
    }

    [Fact]
    public async Task Old_replica_sets_beyond_the_history_limit_are_deleted()
    {
        JsonObject deployment = Make.Deployment("web", 1);
        deployment["spec"]!["revisionHistoryLimit"] = 1;
        await _rig.CreateAsync("Deployment", deployment);
        await CompleteAsync(1);
        foreach (string image in (string[])["app:2", "app:3"])
        {
            int generation = (int)_rig.Cluster.Find("Deployment", "default", "web")!.Metadata.Generation;
            SetImage(image);
            await _rig.UntilAsync(() => _rig.Status("Deployment", "web").Integer("observedGeneration") > generation, "it is seen");
            await CompleteAsync(1);
        }

        await _rig.UntilAsync(() => _rig.Cluster.All("ReplicaSet").Count == 2, "only one old one stays");
        Assert.DoesNotContain(_rig.Cluster.All("ReplicaSet"), set => Revision(set.Metadata.Name) == "1");
    }

    [Fact]
    public async Task A_replica_set_of_another_template_under_the_same_name_is_counted_and_passed_by()
    {
        string taken = $"web-{TemplateHash.Of(Make.PodTemplate(), collisions: null)}";
        JsonObject other = Make.ReplicaSet(taken, 0).With("metadata", $$"""{ "name": "{{taken}}", "namespace": "default", "labels": { "app": "another" } }""");
        other["spec"]!["selector"] = Make.Json("""{ "matchLabels": { "app": "another" } }""");
        await _rig.CreateAsync("ReplicaSet", other);

        await _rig.CreateAsync("Deployment", Make.Deployment("web", 1));

        await _rig.UntilAsync(
            () =>
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(1));
                _rig.StepPods();
                return IsComplete(1);
            },
            "the rollout completes");
        Assert.Equal(1, _rig.Status("Deployment", "web").Integer("collisionCount"));
        Assert.Equal(
            $"web-{TemplateHash.Of(Make.PodTemplate(), collisions: 1)}",
            Assert.Single(_rig.Cluster.All("ReplicaSet"), set => set.Metadata.Controller is not null).Metadata.Name);
    }

    [Fact]
    public async Task Pods_on_their_way_out_are_counted_apart()
    {
        await _rig.CreateAsync("Deployment", Make.Deployment("web", 1));
        await CompleteAsync(1);
        Assert.Equal(0, _rig.Status("Deployment", "web").Integer("terminatingReplicas"));

        await _rig.DeleteAsync("Pod", "default", _rig.Cluster.All("Pod")[0].Metadata.Name, grace: 30);

        await _rig.UntilAsync(() => _rig.Status("Deployment", "web").Integer("terminatingReplicas") == 1, "it is counted");
        Assert.Equal(1, _rig.Status("ReplicaSet", _rig.Cluster.All("ReplicaSet")[0].Metadata.Name).Integer("terminatingReplicas"));
    }

    [Fact]
    public async Task What_keeps_the_pods_from_being_made_is_told_by_the_deployment()
    {
        _rig.Cluster.Refuse = static line =>
            line.StartsWith("create pods", StringComparison.Ordinal) ? ApiErrors.Forbidden("", "pods", "", "exceeded quota") : null;

        await _rig.CreateAsync("Deployment", Make.Deployment("web", 1));

        await _rig.UntilAsync(() => _rig.Condition("Deployment", "web", "ReplicaFailure").Text("reason") == "FailedCreate", "it is told");
        Assert.EndsWith("exceeded quota", _rig.Condition("Deployment", "web", "ReplicaFailure").TextOrEmpty("message"), StringComparison.Ordinal);
    }

    private static string Image(ObjectDocument pod) => pod.ToJson().Objects("spec", "containers").First().TextOrEmpty("image");

    private string? Revision(string set) => _rig.Cluster.Find("ReplicaSet", "default", set)?.Metadata.Annotations[DeploymentAnnotations.Revision];

    private void SetImage(string image) =>
        _rig.Cluster.Edit("Deployment", "default", "web", json =>
        {
            json["spec"]!["template"] = Make.PodTemplate(image);
            json["metadata"]!["generation"] = (json.Integer("metadata", "generation") ?? 0) + 1;
        });

    private bool IsComplete(int replicas)
    {
        JsonObject status = _rig.Status("Deployment", "web");
        return status.Integer("updatedReplicas") == replicas
            && status.Integer("replicas") == replicas
            && status.Integer("availableReplicas") == replicas
            && status.Integer("observedGeneration") == _rig.Cluster.Find("Deployment", "default", "web")!.Metadata.Generation
            && _rig.Condition("Deployment", "web", "Progressing").Text("reason") == "NewReplicaSetAvailable";
    }

    private Task CompleteAsync(int replicas) => _rig.UntilAsync(
        () =>
        {
            _rig.StepPods();
            return IsComplete(replicas);
        },
        "the rollout completes");
}
