using System.Text.Json.Nodes;
using MiniPlane.Controllers.Jobs;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Events;

/// <summary>What is done to a CronJob, for the rows of <see cref="RecordedEventsTests"/>.</summary>
internal static class CronStories
{
    public static async Task RunAsync(ControllerRig rig, string story)
    {
        EventStories.Refuse(rig, story == "CronJob refused" ? "create jobs" : "");
        await rig.StartAsync(context => new CronJobController(context));
        Task play = story switch
        {
            "CronJob" => CompletedAsync(rig),
            "CronJob busy" => BusyAsync(rig),
            "CronJob by hand" => ByHandAsync(rig),
            "CronJob asleep" => AsleepAsync(rig),
            "CronJob refused" => RefusedAsync(rig),
            _ => NonsenseAsync(rig),
        };
        await play;
    }

    private static async Task CompletedAsync(ControllerRig rig)
    {
        await rig.CreateAsync("CronJob", Cron(""" "successfulJobsHistoryLimit": 0 """));
        await PassAsync(rig, TimeSpan.FromMinutes(1));
        await rig.UntilAsync(() => Job(rig) is not null, "a Job is made");
        await rig.SettleAsync();
        rig.Cluster.Edit("Job", "default", Job(rig)!.Metadata.Name, static json => json["status"] = JsonNode.Parse(
            """{ "conditions": [ { "type": "Complete", "status": "True" } ], "completionTime": "2026-01-01T00:00:30Z" }"""));
    }

    private static async Task BusyAsync(ControllerRig rig)
    {
        await rig.CreateAsync("CronJob", Cron(""" "concurrencyPolicy": "Forbid" """));
        await PassAsync(rig, TimeSpan.FromMinutes(1));
        await rig.UntilAsync(() => Job(rig) is not null, "the first Job is made");
        await PassAsync(rig, TimeSpan.FromMinutes(1));
        await rig.UntilAsync(() => rig.EventLines("JobAlreadyActive").Any(), "the second is skipped");
        await rig.DeleteAsync("Job", "default", Job(rig)!.Metadata.Name);
    }

    private static async Task ByHandAsync(ControllerRig rig)
    {
        ObjectDocument owner = await rig.CreateAsync("CronJob", Cron(""" "suspend": true """));
        JsonObject job = Make.Object("batch/v1", "Job", "by-hand");
        job.Ensure("metadata")["ownerReferences"] = JsonNode.Parse(
            $$"""[ { "apiVersion": "batch/v1", "kind": "CronJob", "name": "web", "uid": "{{owner.Metadata.Uid}}", "controller": true } ]""");
        await rig.CreateAsync("Job", job);
    }

    private static async Task AsleepAsync(ControllerRig rig)
    {
        await rig.CreateAsync("CronJob", Cron(""" "suspend": true """));
        await PassAsync(rig, TimeSpan.FromHours(3));
        rig.Cluster.Edit("CronJob", "default", "web", static json => json["spec"]!["suspend"] = false);
    }

    private static async Task RefusedAsync(ControllerRig rig)
    {
        await rig.CreateAsync("CronJob", Cron());
        await PassAsync(rig, TimeSpan.FromMinutes(1));
    }

    private static async Task NonsenseAsync(ControllerRig rig)
    {
        await rig.CreateAsync("CronJob", Cron(""" "schedule": "61 * * * *" """));
        await rig.UntilAsync(() => rig.EventLines("UnparseableSchedule").Any(), "it is told");
        rig.Cluster.Edit("CronJob", "default", "web", static json => json["spec"]!["timeZone"] = "Mars/Olympus");
    }

    private static ObjectDocument? Job(ControllerRig rig) => rig.Cluster.All("Job") is [var job, ..] ? job : null;

    private static JsonObject Cron(string more = "")
    {
        JsonObject json = Make.Object("batch/v1", "CronJob", "web").With("spec", """
            { "schedule": "* * * * *", "timeZone": "Etc/UTC", "concurrencyPolicy": "Allow", "successfulJobsHistoryLimit": 3, "failedJobsHistoryLimit": 1,
              "jobTemplate": { "spec": { "template": { "spec": { "containers": [] } } } } }
            """);
        foreach ((string name, JsonNode? value) in Make.Json($"{{ {more} }}"))
        {
            json["spec"]![name] = value?.DeepClone();
        }

        return json;
    }

    private static async Task PassAsync(ControllerRig rig, TimeSpan time)
    {
        await rig.SettleAsync();
        rig.Time.Advance(time + TimeSpan.FromMilliseconds(200));
    }
}
