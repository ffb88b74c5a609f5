using System.Text.Json.Nodes;
using MiniPlane.Controllers.Disruption;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Disruption;

public sealed class DisruptionControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync(context => new DisruptionController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task With_minAvailable_what_is_healthy_beyond_it_may_go()
    {
        await CreateBudgetAsync("""{ "minAvailable": 1, "selector": { "matchLabels": { "app": "web" } } }""");
        await _rig.UntilAsync(() => _rig.EventLines("NoPods").Any(), "an empty budget is told");
        await CreatePodsAsync(owner: null, "a", "bb");
        _rig.SetReady("a");
        _rig.SetReady("bb");

        await _rig.UntilAsync(() => Status.Integer("disruptionsAllowed") == 1, "one may go");
        Assert.Equal((2L, 1L, 2L), (Status.Integer("currentHealthy"), Status.Integer("desiredHealthy"), Status.Integer("expectedPods")));
        Assert.Equal("SufficientPods", _rig.Condition("PodDisruptionBudget", "b", "DisruptionAllowed").Text("reason"));
    }

    [Fact]
    public async Task With_maxUnavailable_the_controllers_scale_is_what_counts()
    {
        ObjectDocument set = await _rig.CreateAsync("ReplicaSet", Make.ReplicaSet("web", 4));
        await CreateBudgetAsync("""{ "maxUnavailable": "25%", "selector": { "matchLabels": { "app": "web" } } }""");
        await CreatePodsAsync(set, "a", "bb", "ccc");
        foreach (string pod in (string[])["a", "bb", "ccc"])
        {
            _rig.SetReady(pod);
        }

        await _rig.UntilAsync(() => Status.Integer("currentHealthy") == 3, "all are seen");
        Assert.Equal((4L, 3L, 0L), (Status.Integer("expectedPods"), Status.Integer("desiredHealthy"), Status.Integer("disruptionsAllowed")));
        Assert.Equal("InsufficientPods", _rig.Condition("PodDisruptionBudget", "b", "DisruptionAllowed").Text("reason"));
    }

    [Fact]
    public async Task An_evicted_pod_counts_as_gone_for_two_minutes()
    {
        await CreateBudgetAsync("""{ "minAvailable": 1, "selector": {} }""");
        await CreatePodsAsync(owner: null, "a", "bb");
        _rig.SetReady("a");
        _rig.SetReady("bb");
        await _rig.UntilAsync(() => Status.Integer("disruptionsAllowed") == 1, "one may go");

        _rig.Cluster.Edit("PodDisruptionBudget", "default", "b", budget =>
            budget.Ensure("status", "disruptedPods")["a"] = ApiTime.Format(_rig.Time.GetUtcNow()));
        await _rig.UntilAsync(() => Status.Integer("disruptionsAllowed") == 0, "none may go");
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(121));

        await _rig.UntilAsync(() => Status.Integer("disruptionsAllowed") == 1, "it stayed, so one may go again");
        await _rig.UntilAsync(() => _rig.EventLines("NotDeleted").Any(), "the pod is told of");
    }

    private JsonObject Status => _rig.Status("PodDisruptionBudget", "b");

    private async Task CreateBudgetAsync(string spec) =>
        await _rig.CreateAsync("PodDisruptionBudget", Make.Object("policy/v1", "PodDisruptionBudget", "b").With("spec", spec));

    private async Task CreatePodsAsync(ObjectDocument? owner, params string[] names)
    {
        foreach (string name in names)
        {
            JsonObject pod = Make.Pod(name).Labels(("app", "web"));
            if (owner is not null)
            {
                pod.Ensure("metadata")["ownerReferences"] = new JsonArray(OwnerReferences.Controller(_rig.Cluster.Kind("ReplicaSet"), owner));
            }

            await _rig.CreateAsync("Pod", pod);
        }
    }
}
