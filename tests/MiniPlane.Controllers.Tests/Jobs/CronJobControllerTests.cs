using System.Text.Json.Nodes;
using MiniPlane.Controllers.Jobs;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Jobs;

public sealed class CronJobControllerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public Task InitializeAsync() => _rig.StartAsync(context => new CronJobController(context));

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_start_that_is_due_makes_one_Job_that_is_listed_as_active()
    {
        await _rig.CreateAsync("CronJob", Cron());
        await PassAsync(60);

        await _rig.UntilAsync(() => Jobs().Length == 1, "the Job is made");
        await _rig.SettleAsync();

        ObjectDocument job = Assert.Single(Jobs());
        long minutes = (_rig.Time.GetUtcNow().ToUnixTimeSeconds() / 60);
        Assert.Equal($"tick-{minutes}", job.Metadata.Name);
        Assert.Equal("CronJob", job.Metadata.Controller!.Kind);
        Assert.True(job.Metadata.Annotations.ContainsKey("batch.kubernetes.io/cronjob-scheduled-timestamp"));
        Assert.Equal(job.Metadata.Uid, _rig.Status("CronJob", "tick").Objects("active").Single().Text("uid"));
        Assert.NotNull(_rig.Status("CronJob", "tick").Text("lastScheduleTime"));
    }

    [Fact]
    public async Task A_finished_Job_leaves_the_active_list_and_old_ones_go()
    {
        await _rig.CreateAsync("CronJob", Cron("""{ "successfulJobsHistoryLimit": 1 }"""));
        for (int i = 0; i < 3; i++)
        {
            await PassAsync(60);
            await _rig.UntilAsync(() => Jobs().Any(job => !IsComplete(job)), "the Job is made");
            Complete(Jobs().First(job => !IsComplete(job)).Metadata.Name);
            await _rig.UntilAsync(() => !_rig.Status("CronJob", "tick").Has("active"), "none is active");
        }

        await _rig.UntilAsync(() => Jobs().Length == 1, "one is kept");
        Assert.NotNull(_rig.Status("CronJob", "tick").Text("lastSuccessfulTime"));
        await _rig.UntilAsync(() => _rig.EventLines("SawCompletedJob").Any(), "it is told");
    }

    [Fact]
    public async Task Forbid_skips_while_one_runs()
    {
        await _rig.CreateAsync("CronJob", Cron("""{ "concurrencyPolicy": "Forbid" }"""));
        await PassAsync(60);
        await _rig.UntilAsync(() => Jobs().Length == 1, "the first is made");

        await PassAsync(60);

        await _rig.UntilAsync(() => _rig.EventLines("JobAlreadyActive").Any(), "the second is skipped");
        Assert.Single(Jobs());
    }

    [Fact]
    public async Task Replace_stops_the_one_that_runs()
    {
        await _rig.CreateAsync("CronJob", Cron("""{ "concurrencyPolicy": "Replace" }"""));
        await PassAsync(60);
        await _rig.UntilAsync(() => Jobs().Length == 1, "the first is made");
        string first = Jobs()[0].Metadata.Name;

        await PassAsync(60);

        await _rig.UntilAsync(() => Jobs() is [var job] && job.Metadata.Name != first, "another runs instead");
        await _rig.UntilAsync(() => _rig.Status("CronJob", "tick").Objects("active").Count() == 1, "it alone is active");
    }

    [Fact]
    public async Task A_suspended_one_starts_nothing_and_catches_up_with_one_start_when_resumed()
    {
        await _rig.CreateAsync("CronJob", Cron("""{ "suspend": true }"""));
        await PassAsync(600);
        await _rig.SettleAsync();
        int whileSuspended = Jobs().Length;

        _rig.Cluster.Edit("CronJob", "default", "tick", json => json["spec"]!["suspend"] = false);

        await _rig.UntilAsync(() => Jobs().Length == 1, "one start is made up for");
        await _rig.SettleAsync();
        Assert.Equal((0, 1), (whileSuspended, Jobs().Length));
    }

    [Fact]
    public async Task A_start_that_is_too_late_is_not_made()
    {
        await _rig.CreateAsync("CronJob", Cron("""{ "schedule": "0 * * * *", "suspend": true, "startingDeadlineSeconds": 10 }"""));
        await PassAsync(3600 + 120);
        _rig.Cluster.Edit("CronJob", "default", "tick", json => json["spec"]!["suspend"] = false);
        await _rig.SettleAsync();

        Assert.Empty(Jobs());
    }

    [Fact]
    public async Task A_schedule_or_zone_that_cannot_be_read_is_told()
    {
        await _rig.CreateAsync("CronJob", Cron("""{ "schedule": "nonsense" }"""));
        JsonObject lost = Cron("""{ "timeZone": "Atlantis/Center" }""");
        lost["metadata"]!["name"] = "lost";
        await _rig.CreateAsync("CronJob", lost);
        JsonObject never = Cron("""{ "schedule": "59 23 31 2 *" }""");
        never["metadata"]!["name"] = "never";
        await _rig.CreateAsync("CronJob", never);

        await _rig.UntilAsync(
            () => _rig.EventLines("UnparseableSchedule").Any() && _rig.EventLines("UnknownTimeZone").Any() && _rig.EventLines("InvalidSchedule").Any(),
            "it is told");
    }

    private static JsonObject Cron(string more = "{}")
    {
        JsonObject json = Make.Object("batch/v1", "CronJob", "tick").With("spec", """
            { "schedule": "* * * * *", "timeZone": "Etc/UTC", "concurrencyPolicy": "Allow", "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1,
              "jobTemplate": { "metadata": { "labels": { "made": "by-cron" } }, "spec": { "template": { "spec": { "containers": [] } } } } }
            """);
        foreach ((string name, JsonNode? value) in Make.Json(more))
        {
            json["spec"]![name] = value?.DeepClone();
        }

        return json;
    }

    private static bool IsComplete(ObjectDocument job) => job.ToJson().Objects("status", "conditions").Any();

    private ObjectDocument[] Jobs() => [.. _rig.Cluster.All("Job").Where(job => !job.Metadata.IsBeingDeleted)];

    private void Complete(string job) => _rig.Cluster.Edit("Job", "default", job, json => json["status"] = JsonNode.Parse("""
        { "conditions": [ { "type": "Complete", "status": "True" } ], "startTime": "2026-01-01T00:00:00Z", "completionTime": "2026-01-01T00:00:30Z" }
        """));

    private async Task PassAsync(int seconds)
    {
        await _rig.SettleAsync();
        _rig.Time.Advance(TimeSpan.FromSeconds(seconds));
        _rig.Time.Advance(TimeSpan.FromMilliseconds(200));
    }
}
