using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>Rows of the kinds that make pods.</summary>
internal static class WorkloadPrinters
{
    public static JsonArray Deployment(JsonObject deployment, DateTimeOffset now) => Cell.Row(
        Cell.Name(deployment),
        $"{Cell.Number(Status(deployment, "readyReplicas"))}/{Cell.Number(Replicas(deployment))}",
        Status(deployment, "updatedReplicas"),
        Status(deployment, "availableReplicas"),
        Cell.Age(deployment, now),
        Containers(Template(deployment)),
        Images(Template(deployment)),
        SelectorText.Of(deployment.At("spec", "selector")));

    public static JsonArray ReplicaSet(JsonObject set, DateTimeOffset now) => Replicas(set, now, SelectorText.Of(set.At("spec", "selector")));

    public static JsonArray ReplicationController(JsonObject controller, DateTimeOffset now) =>
        Replicas(controller, now, Cell.Labels(controller.TextMap("spec", "selector")));

    public static JsonArray StatefulSet(JsonObject set, DateTimeOffset now) => Cell.Row(
        Cell.Name(set),
        $"{Cell.Number(Status(set, "readyReplicas"))}/{Cell.Number(Replicas(set))}",
        Cell.Age(set, now),
        Containers(Template(set)),
        Images(Template(set)));

    public static JsonArray DaemonSet(JsonObject set, DateTimeOffset now) => Cell.Row(
        Cell.Name(set),
        Status(set, "desiredNumberScheduled"),
        Status(set, "currentNumberScheduled"),
        Status(set, "numberReady"),
        Status(set, "updatedNumberScheduled"),
        Status(set, "numberAvailable"),
        Cell.Labels(set.TextMap("spec", "template", "spec", "nodeSelector")),
        Cell.Age(set, now),
        Containers(Template(set)),
        Images(Template(set)),
        SelectorText.Of(set.At("spec", "selector")));

    public static JsonArray Job(JsonObject job, DateTimeOffset now) => Cell.Row(
        Cell.Name(job),
        JobStatus(job),
        Completions(job),
        Duration(job, now),
        Cell.Age(job, now),
        Containers(Template(job)),
        Images(Template(job)),
        SelectorText.Of(job.At("spec", "selector")));

    public static JsonArray CronJob(JsonObject cronJob, DateTimeOffset now)
    {
        JsonObject? template = cronJob.Object("spec", "jobTemplate", "spec", "template", "spec");
        return Cell.Row(
            Cell.Name(cronJob),
            cronJob.TextOrEmpty("spec", "schedule"),
            Cell.OrNone(cronJob.Text("spec", "timeZone")),
            cronJob.Flag("spec", "suspend") == true ? "True" : cronJob.Has("spec", "suspend") ? "False" : Cell.Unset,
            cronJob.Array("status", "active")?.Count ?? 0,
            cronJob.Text("status", "lastScheduleTime") is { } last ? Cell.Since(last, now) : Cell.None,
            Cell.Age(cronJob, now),
            Containers(template),
            Images(template),
            SelectorText.Of(cronJob.At("spec", "jobTemplate", "spec", "selector")));
    }

    public static JsonArray PodTemplate(JsonObject template, DateTimeOffset now)
    {
        _ = now;
        return Cell.Row(
            Cell.Name(template),
            Containers(template.Object("template", "spec")),
            Images(template.Object("template", "spec")),
            Cell.Labels(template.TextMap("template", "metadata", "labels")));
    }

    private static JsonArray Replicas(JsonObject set, DateTimeOffset now, string selector) => Cell.Row(
        Cell.Name(set),
        Replicas(set),
        Status(set, "replicas"),
        Status(set, "readyReplicas"),
        Cell.Age(set, now),
        Containers(Template(set)),
        Images(Template(set)),
        selector);

    private static string JobStatus(JsonObject job)
    {
        if (HasCondition(job, "Complete"))
        {
            return "Complete";
        }

        if (HasCondition(job, "Failed"))
        {
            return "Failed";
        }

        if (job.Has("metadata", "deletionTimestamp"))
        {
            return "Terminating";
        }

        return HasCondition(job, "Suspended") ? "Suspended"
            : HasCondition(job, "FailureTarget") ? "FailureTarget"
            : HasCondition(job, "SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
    }

    private static bool HasCondition(JsonObject job, string type) => job.Objects("status", "conditions")
        .Any(condition => condition.Text("type") == type && condition.Text("status") == "True");

    private static string Completions(JsonObject job)
    {
        string succeeded = Cell.Number(Status(job, "succeeded"));
        if (job.Integer("spec", "completions") is { } completions)
        {
            return $"{succeeded}/{Cell.Number(completions)}";
        }

        long parallelism = job.Integer("spec", "parallelism") ?? 0;
        return parallelism > 1 ? $"{succeeded}/1 of {Cell.Number(parallelism)}" : $"{succeeded}/1";
    }

    private static string Duration(JsonObject job, DateTimeOffset now)
    {
        if (Cell.Time(job.Text("status", "startTime")) is not { } start)
        {
            return "";
        }

        return Cell.Time(job.Text("status", "completionTime")) is { } end ? HumanDuration.Of(end - start) : HumanDuration.Since(start, now);
    }

    private static JsonObject? Template(JsonObject obj) => obj.Object("spec", "template", "spec");

    private static string Containers(JsonObject? podSpec) =>
        string.Join(',', podSpec.Objects("containers").Select(container => container.TextOrEmpty("name")));

    private static string Images(JsonObject? podSpec) =>
        string.Join(',', podSpec.Objects("containers").Select(container => container.TextOrEmpty("image")));

    private static long Replicas(JsonObject obj) => obj.Integer("spec", "replicas") ?? 0;

    private static long Status(JsonObject obj, string name) => obj.Integer("status", name) ?? 0;
}
