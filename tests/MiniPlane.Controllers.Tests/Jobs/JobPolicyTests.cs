using System.Text.Json.Nodes;
using MiniPlane.Controllers.Jobs;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Jobs;

public sealed class JobPolicyTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync(context => new JobController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_failure_that_FailJob_names_ends_the_job_at_once()
    {
        await CreateAsync("""
            { "completions": 2, "parallelism": 2, "backoffLimit": 6, "podReplacementPolicy": "Failed",
              "podFailurePolicy": { "rules": [ { "action": "FailJob", "onExitCodes": { "operator": "In", "values": [ 42 ] } } ] } }
            """);
        await UntilActiveAsync(2);

        Exit(Active().First(), 42);

        await UntilEndedAsync("Failed");
        JsonObject? failed = _rig.Condition("Job", "work", "Failed");
        Assert.Equal("PodFailurePolicy", failed.Text("reason"));
        Assert.Contains("failed with exit code 42 matching FailJob rule at index 0", failed.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_that_Ignore_names_is_replaced_and_does_not_count()
    {
        await CreateAsync("""
            { "completions": 1, "parallelism": 1, "backoffLimit": 0, "podReplacementPolicy": "Failed",
              "podFailurePolicy": { "rules": [ { "action": "Ignore", "onPodConditions": [ { "type": "DisruptionTarget", "status": "True" } ] } ] } }
            """);
        await UntilActiveAsync(1);
        string first = Active().Single().Metadata.Name;

        _rig.Cluster.Edit("Pod", "default", first, json => json["status"] = JsonNode.Parse("""
            { "phase": "Failed", "conditions": [ { "type": "DisruptionTarget", "status": "True" } ] }
            """));
        await _rig.UntilAsync(() => !_rig.Cluster.Find("Pod", "default", first)!.Metadata.Finalizers.Any(), "it is let go");
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(11));

        await UntilActiveAsync(1);
        Assert.Null(_rig.Status("Job", "work").Integer("failed"));
    }

    [Fact]
    public async Task Each_index_has_its_own_limit_and_the_job_runs_on_without_those_that_failed()
    {
        await CreateAsync("""
            { "completionMode": "Indexed", "completions": 2, "parallelism": 2, "backoffLimit": 2147483647, "backoffLimitPerIndex": 1 }
            """);
        await UntilActiveAsync(2);
        Exit(OfIndex(0), 1);
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(11));
        await UntilActiveAsync(2);
        string? count = OfIndex(0).Metadata.Annotations.GetValueOrDefault(IndexFailures.CountAnnotation);

        Exit(OfIndex(0), 1);
        await _rig.UntilAsync(() => _rig.Status("Job", "work").Text("failedIndexes") == "0", "index 0 is given up");
        bool goesOn = _rig.Condition("Job", "work", "Failed") is null;
        _rig.Finish(OfIndex(1).Metadata.Name, "Succeeded");

        await UntilEndedAsync("Failed");
        JsonObject status = _rig.Status("Job", "work");
        Assert.Equal("FailedIndexes", _rig.Condition("Job", "work", "Failed").Text("reason"));
        Assert.Equal(("1", true, "1", 2, 1), (count, goesOn, status.Text("completedIndexes"), status.Integer("failed"), status.Integer("succeeded")));
        Assert.All(_rig.Cluster.All("Pod"), pod => Assert.Empty(pod.Metadata.Finalizers));
    }

    [Fact]
    public async Task A_failure_that_FailIndex_names_gives_its_index_up_without_another_try()
    {
        await CreateAsync("""
            { "completionMode": "Indexed", "completions": 2, "parallelism": 2, "backoffLimit": 2147483647, "backoffLimitPerIndex": 5, "podReplacementPolicy": "Failed",
              "podFailurePolicy": { "rules": [ { "action": "FailIndex", "onExitCodes": { "containerName": "app", "operator": "NotIn", "values": [ 1 ] } } ] } }
            """);
        await UntilActiveAsync(2);

        Exit(OfIndex(1), 42);
        await _rig.UntilAsync(() => _rig.Status("Job", "work").Text("failedIndexes") == "1", "index 1 is given up");
        _rig.Finish(OfIndex(0).Metadata.Name, "Succeeded");

        await UntilEndedAsync("Failed");
        Assert.Equal("FailedIndexes", _rig.Condition("Job", "work", "Failed").Text("reason"));
        Assert.Equal(2, _rig.Cluster.All("Pod").Count);
    }

    [Fact]
    public async Task Of_the_rules_of_a_failure_policy_the_first_that_matches_counts()
    {
        await CreateAsync("""
            { "completions": 1, "parallelism": 1, "backoffLimit": 6, "podReplacementPolicy": "Failed",
              "podFailurePolicy": { "rules": [
                { "action": "Count", "onExitCodes": { "operator": "In", "values": [ 3, 42 ] } },
                { "action": "FailJob", "onExitCodes": { "operator": "In", "values": [ 42 ] } } ] } }
            """);
        await UntilActiveAsync(1);

        Exit(Active().Single(), 42);
        await _rig.UntilAsync(() => _rig.Status("Job", "work").Integer("failed") == 1, "it counts");
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(11));

        await UntilActiveAsync(1);
        Assert.Null(_rig.Condition("Job", "work", "FailureTarget"));
    }

    [Fact]
    public async Task Too_many_failed_indexes_end_the_job()
    {
        await CreateAsync("""
            { "completionMode": "Indexed", "completions": 3, "parallelism": 3, "backoffLimit": 2147483647, "backoffLimitPerIndex": 0, "maxFailedIndexes": 1 }
            """);
        await UntilActiveAsync(3);

        Exit(OfIndex(0), 1);
        Exit(OfIndex(1), 1);

        await UntilEndedAsync("Failed");
        Assert.Equal("MaxFailedIndexesExceeded", _rig.Condition("Job", "work", "Failed").Text("reason"));
        await _rig.UntilAsync(() => !Active().Any(), "the last pod is stopped");
    }

    [Fact]
    public async Task A_success_policy_ends_the_job_when_the_indexes_that_matter_are_done()
    {
        await CreateAsync("""
            { "completionMode": "Indexed", "completions": 4, "parallelism": 4, "backoffLimit": 6,
              "successPolicy": { "rules": [ { "succeededIndexes": "1,2", "succeededCount": 1 } ] } }
            """);
        await UntilActiveAsync(4);

        _rig.Finish(OfIndex(0).Metadata.Name, "Succeeded");
        await _rig.UntilAsync(() => _rig.Status("Job", "work").Text("completedIndexes") == "0", "index 0 is done");
        await _rig.SettleAsync();
        bool tooEarly = _rig.Condition("Job", "work", "SuccessCriteriaMet") is not null;
        _rig.Finish(OfIndex(2).Metadata.Name, "Succeeded");

        await UntilEndedAsync("Complete");
        Assert.False(tooEarly);
        Assert.Equal("SuccessPolicy", _rig.Condition("Job", "work", "Complete").Text("reason"));
        Assert.Equal("0,2", _rig.Status("Job", "work").Text("completedIndexes"));
    }

    [Fact]
    public async Task With_podReplacementPolicy_Failed_a_replacement_waits_for_the_end_of_the_pod()
    {
        await CreateAsync("""{ "completions": 1, "parallelism": 1, "backoffLimit": 6, "podReplacementPolicy": "Failed" }""");
        await UntilActiveAsync(1);
        string first = Active().Single().Metadata.Name;
        _rig.SetReady(first);
        await _rig.DeleteAsync("Pod", "default", first);
        await _rig.UntilAsync(() => _rig.Status("Job", "work").Integer("terminating") == 1, "it is seen to go");
        await _rig.SettleAsync();
        int whileEnding = _rig.Cluster.All("Pod").Count;

        _rig.StepPods();
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(11));

        await UntilActiveAsync(1);
        Assert.Equal(1, whileEnding);
    }

    [Fact]
    public async Task With_podReplacementPolicy_TerminatingOrFailed_a_replacement_comes_while_the_pod_ends()
    {
        await CreateAsync("""{ "completions": 1, "parallelism": 1, "backoffLimit": 6, "podReplacementPolicy": "TerminatingOrFailed" }""");
        await UntilActiveAsync(1);
        string first = Active().Single().Metadata.Name;
        _rig.SetReady(first);

        await _rig.DeleteAsync("Pod", "default", first);

        await _rig.UntilAsync(
            () =>
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(1));
                return Active().Count() == 1;
            },
            "another is active");
        Assert.NotNull(_rig.Cluster.Find("Pod", "default", first));
    }

    [Fact]
    public async Task A_job_that_another_controller_manages_is_left_alone()
    {
        await CreateAsync("""{ "completions": 1, "parallelism": 1, "managedBy": "kueue.x-k8s.io/multikueue" }""");

        await _rig.SettleAsync();

        Assert.Empty(_rig.Cluster.All("Pod"));
        Assert.Empty(_rig.Status("Job", "work"));
    }

    private async Task CreateAsync(string spec)
    {
        JsonObject json = Make.Object("batch/v1", "Job", "work").With("spec", spec);
        json["spec"]!["selector"] = Make.Json("""{ "matchLabels": { "job-name": "work" } }""");
        json["spec"]!["template"] = Make.Json("""
            { "metadata": { "labels": { "job-name": "work" } }, "spec": { "restartPolicy": "Never", "containers": [ { "name": "app" } ] } }
            """);
        await _rig.CreateAsync("Job", json);
    }

    private void Exit(ObjectDocument pod, int code) => _rig.Cluster.Edit("Pod", "default", pod.Metadata.Name, json =>
    {
        json.Ensure("spec").Default("nodeName", "debug");
        json["status"] = JsonNode.Parse($$"""
            { "phase": "Failed", "containerStatuses": [ { "name": "app", "state": { "terminated": {
                "exitCode": {{code}}, "finishedAt": "{{Controllers.Runtime.ApiTime.Format(_rig.Time.GetUtcNow())}}" } } } ] }
            """);
    });

    private IEnumerable<ObjectDocument> Active() => _rig.Cluster.All("Pod").Where(pod =>
        !pod.Metadata.IsBeingDeleted && pod.ToJson().Text("status", "phase") is "Pending" or "Running");

    private ObjectDocument OfIndex(int index) => Active().Single(pod => JobPods.IndexOf(pod) == index);

    private Task UntilActiveAsync(int count) => _rig.UntilAsync(() => Active().Count() == count, $"{count} pods are active");

    /// <summary>Lets pods that are asked to go end, until the job has ended.</summary>
    private Task UntilEndedAsync(string condition) => _rig.UntilAsync(
        () =>
        {
            foreach (ObjectDocument pod in _rig.Cluster.All("Pod").Where(pod => pod.Metadata.IsBeingDeleted))
            {
                _rig.StepPods(_ => false);
                break;
            }

            return _rig.Condition("Job", "work", condition).Text("status") == "True";
        },
        "the job ends");
}
