using System.Text.Json.Nodes;
using MiniPlane.Controllers.Jobs;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Jobs;

public sealed class JobControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() =>
        _rig.StartAsync(context => new JobController(context), context => new FinishedJobController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_job_runs_its_completions_as_parallel_as_it_may_and_completes()
    {
        await CreateAsync("""{ "parallelism": 2, "completions": 3 }""");
        await UntilActiveAsync(2);
        int most = 0;

        await _rig.UntilAsync(
            () =>
            {
                most = Math.Max(most, Active().Count());
                FinishOne("Succeeded");
                return HasCondition("Complete");
            },
            "it completes");

        JsonObject status = _rig.Status("Job", "work");
        Assert.Equal((3, null, null), (status.Integer("succeeded"), status.Integer("failed"), status.Integer("active")));
        Assert.Equal(2, most);
        Assert.True(status.Has("startTime") && status.Has("completionTime"));
        Assert.Equal("CompletionsReached", _rig.Condition("Job", "work", "SuccessCriteriaMet").Text("reason"));
        Assert.All(_rig.Cluster.All("Pod"), pod => Assert.Empty(pod.Metadata.Finalizers));
        Assert.Equal(3, _rig.Cluster.All("Pod").Count);
    }

    [Fact]
    public async Task Failed_pods_are_replaced_after_a_back_off_until_the_limit_is_passed()
    {
        await CreateAsync("""{ "backoffLimit": 1 }""");
        await UntilActiveAsync(1);
        FinishOne("Failed");
        await _rig.UntilAsync(() => _rig.Status("Job", "work").Integer("failed") == 1, "it is counted");
        await _rig.SettleAsync();
        int beforeBackOff = _rig.Cluster.All("Pod").Count;
        _rig.Time.Advance(TimeSpan.FromSeconds(11));
        await UntilActiveAsync(1);

        FinishOne("Failed");

        await _rig.UntilAsync(() => HasCondition("Failed"), "it fails");
        Assert.Equal(1, beforeBackOff);
        Assert.Equal("BackoffLimitExceeded", _rig.Condition("Job", "work", "Failed").Text("reason"));
        Assert.Equal("BackoffLimitExceeded", _rig.Condition("Job", "work", "FailureTarget").Text("reason"));
        Assert.Equal(2, _rig.Status("Job", "work").Integer("failed"));
        Assert.Null(_rig.Status("Job", "work")["completionTime"]);
    }

    [Fact]
    public async Task A_job_past_its_deadline_ends_its_pods_and_fails()
    {
        await CreateAsync("""{ "activeDeadlineSeconds": 30 }""");
        await UntilActiveAsync(1);
        _rig.SetReady(_rig.Cluster.All("Pod")[0].Metadata.Name);
        await _rig.SettleAsync();

        _rig.Time.Advance(TimeSpan.FromSeconds(31));
        await _rig.UntilAsync(
            () =>
            {
                _rig.StepPods();
                return HasCondition("Failed");
            },
            "it fails");

        Assert.Equal("DeadlineExceeded", _rig.Condition("Job", "work", "Failed").Text("reason"));
        Assert.Empty(Active());
    }

    [Fact]
    public async Task A_suspended_job_has_no_pods_and_its_stopped_ones_do_not_count_as_failed()
    {
        await CreateAsync("{}");
        await UntilActiveAsync(1);

        Edit(spec => spec["suspend"] = true);
        await _rig.UntilAsync(() => !Active().Any() && HasCondition("Suspended"), "its pod is stopped");
        await _rig.SettleAsync();
        long? failed = _rig.Status("Job", "work").Integer("failed");
        Edit(spec => spec["suspend"] = false);

        await UntilActiveAsync(1);
        await _rig.UntilAsync(() => _rig.Condition("Job", "work", "Suspended").Text("status") == "False", "it says it goes on");
        Assert.Null(failed);
    }

    [Fact]
    public async Task An_indexed_job_runs_each_index_once_and_lists_the_done_ones()
    {
        await CreateAsync("""{ "completionMode": "Indexed", "parallelism": 3, "completions": 3 }""");
        await UntilActiveAsync(3);
        ObjectDocument second = _rig.Cluster.All("Pod").Single(pod => JobPods.IndexOf(pod) == 1);
        _rig.Finish(second.Metadata.Name, "Failed");
        await _rig.UntilAsync(() => _rig.Status("Job", "work").Integer("failed") == 1, "the failure is counted");
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(11));

        await _rig.UntilAsync(() => Active().Select(JobPods.IndexOf).Order().SequenceEqual([0, 1, 2]), "the index is tried again");
        await _rig.UntilAsync(
            () =>
            {
                FinishOne("Succeeded");
                return HasCondition("Complete");
            },
            "it completes");

        Assert.Equal("0-2", _rig.Status("Job", "work").Text("completedIndexes"));
        JsonObject pod = second.ToJson();
        Assert.Equal("work-1", pod.Text("spec", "hostname"));
        Assert.StartsWith("work-1-", second.Metadata.Name, StringComparison.Ordinal);
        Assert.Equal("JOB_COMPLETION_INDEX", pod.Objects("spec", "containers").Single().Objects("env").Single().Text("name"));
    }

    [Fact]
    public async Task Pods_of_a_deleted_job_are_not_held_by_the_finalizer()
    {
        await CreateAsync("{}");
        await UntilActiveAsync(1);

        await _rig.DeleteAsync("Job", "default", "work");

        await _rig.UntilAsync(() => _rig.Cluster.All("Pod").All(pod => pod.Metadata.Finalizers.Count == 0), "the finalizer goes");
    }

    [Fact]
    public async Task A_finished_job_goes_after_its_time_to_live()
    {
        await CreateAsync("""{ "ttlSecondsAfterFinished": 60 }""");
        await UntilActiveAsync(1);
        FinishOne("Succeeded");
        await _rig.UntilAsync(() => HasCondition("Complete"), "it completes");
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(59));
        await _rig.SettleAsync();
        bool stayed = _rig.Cluster.Find("Job", "default", "work") is { Metadata.IsBeingDeleted: false };

        _rig.Time.Advance(TimeSpan.FromSeconds(2));

        await _rig.UntilAsync(() => _rig.Cluster.Find("Job", "default", "work") is null or { Metadata.IsBeingDeleted: true }, "it goes");
        Assert.True(stayed);
    }

    [Fact]
    public async Task A_control_plane_killed_between_noting_and_counting_counts_each_pod_once()
    {
        await using var rig = new ControllerRig();
        ObjectDocument job = await rig.CreateAsync("Job", Make.Json(Body("""{ "completions": 2, "parallelism": 1 }""")));
        await rig.CreateAsync("Pod", Ended("released", job, hasFinalizer: false));
        await rig.CreateAsync("Pod", Ended("noted", job, hasFinalizer: true));
        string[] uids = [.. rig.Cluster.All("Pod").Select(pod => pod.Metadata.Uid)];
        rig.Cluster.Edit("Job", "default", "work", json => json["status"] = new JsonObject
        {
            ["startTime"] = "2026-01-01T00:00:00Z",
            ["uncountedTerminatedPods"] = new JsonObject { ["succeeded"] = new JsonArray([.. uids.Select(uid => JsonValue.Create(uid))]) },
        });

        await rig.StartAsync(context => new JobController(context));

        await rig.UntilAsync(() => rig.Condition("Job", "work", "Complete") is not null, "it completes");
        Assert.Equal(2, rig.Status("Job", "work").Integer("succeeded"));
        Assert.Equal(2, rig.Cluster.All("Pod").Count);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("0", "0")]
    [InlineData("0-1", "0,1")]
    [InlineData("0,1,2,5,7-9", "0-2,5,7-9")]
    [InlineData("1-3,99", "1-3")]
    public void Index_sets_are_read_and_written_in_upstream_s_form(string text, string expected)
    {
        Assert.Equal(expected, IndexSet.Format(IndexSet.Parse(text, count: 20)));
    }

    private static string Body(string spec) => $$"""
        { "apiVersion": "batch/v1", "kind": "Job", "metadata": { "name": "work", "namespace": "default" },
          "spec": {{spec.TrimEnd().TrimEnd('}')}} {{(spec.Contains(':', StringComparison.Ordinal) ? "," : "")}} {{(spec.Contains("completions", StringComparison.Ordinal) ? "" : "\"completions\": 1, \"parallelism\": 1, ")}}
            {{(spec.Contains("backoffLimit", StringComparison.Ordinal) ? "" : "\"backoffLimit\": 6, ")}}
            "selector": { "matchLabels": { "job-name": "work" } },
            "template": { "metadata": { "labels": { "job-name": "work" } },
                          "spec": { "restartPolicy": "Never", "containers": [ { "name": "app" } ] } } } }
        """;

    private static JsonObject Ended(string name, ObjectDocument job, bool hasFinalizer)
    {
        JsonObject pod = Make.Pod(name).Labels(("job-name", "work"));
        pod.Ensure("metadata")["ownerReferences"] = JsonNode.Parse(
            $$"""[{ "apiVersion": "batch/v1", "kind": "Job", "name": "work", "uid": "{{job.Metadata.Uid}}", "controller": true }]""");
        if (hasFinalizer)
        {
            pod.Ensure("metadata")["finalizers"] = new JsonArray(JobPods.Finalizer);
        }

        return pod.With("status", """{ "phase": "Succeeded" }""");
    }

    private Task CreateAsync(string spec) => _rig.CreateAsync("Job", Make.Json(Body(spec)));

    private void Edit(Action<JsonObject> edit) => _rig.Cluster.Edit("Job", "default", "work", json => edit(json.Ensure("spec")));

    private IEnumerable<ObjectDocument> Active() => _rig.Cluster.All("Pod").Where(pod =>
        !pod.Metadata.IsBeingDeleted && pod.ToJson().Text("status", "phase") is "Pending" or "Running");

    private Task UntilActiveAsync(int count) => _rig.UntilAsync(() => Active().Count() == count, $"{count} pods are active");

    private void FinishOne(string phase)
    {
        if (Active().FirstOrDefault() is { } pod)
        {
            _rig.Finish(pod.Metadata.Name, phase);
        }
    }

    private bool HasCondition(string type) => _rig.Condition("Job", "work", type).Text("status") == "True";
}
