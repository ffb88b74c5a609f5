using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Operations;

/// <summary>What happened to a pod, gathered from all who say something about it. Pure.</summary>
internal static class PodMoments
{
    public static IEnumerable<PodMoment> Of(JsonObject pod, JsonObject? job, IEnumerable<JsonObject> events, IEnumerable<FileInfo> files) =>
    [
        .. At(pod.Text("metadata", "creationTimestamp"), "pod", "created"),
        .. At(pod.Text("metadata", "deletionTimestamp"), "pod", "is to be gone"),
        .. pod.Objects("status", "conditions").SelectMany(Condition),
        .. events.SelectMany(Event),
        .. job is null ? [] : Job(job),
        .. Containers(pod, "initContainerStatuses"),
        .. Containers(pod, "containerStatuses"),
        .. files.Select(file => new PodMoment(
            new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), "file", $"{file.Name} last written ({Quantities.Bytes(file.Length)})")),
    ];

    private static IEnumerable<PodMoment> Condition(JsonObject condition)
    {
        bool isTrue = condition.Text("status") == "True";
        string why = string.Join(": ", new[] { condition.TextOrEmpty("reason"), condition.TextOrEmpty("message") }.Where(part => part.Length > 0));
        return At(
            condition.Text("lastTransitionTime"),
            "pod",
            $"{condition.Text("type")} is {condition.Text("status")}{(why.Length > 0 ? $" ({why})" : "")}",
            isTrouble: !isTrue && condition.Text("reason") is not ("PodCompleted" or null));
    }

    private static IEnumerable<PodMoment> Event(JsonObject one)
    {
        long count = one.Integer("count") ?? one.Integer("series", "count") ?? 1;
        string times = count > 1 ? string.Create(CultureInfo.InvariantCulture, $" (×{count})") : "";
        return At(
            one.Text("lastTimestamp") ?? one.Text("eventTime") ?? one.Text("metadata", "creationTimestamp"),
            "event",
            $"{one.Text("reason")}: {one.TextOrEmpty("message").ReplaceLineEndings(" ")}{times}",
            isTrouble: one.Text("type") == "Warning");
    }

    private static IEnumerable<PodMoment> Job(JsonObject job)
    {
        string id = job.TextOrEmpty("id");
        bool isQueued = job.TextOrEmpty("nodes").Length == 0;
        string reason = job.TextOrEmpty("reason") is { Length: > 0 } and not "None" ? $" ({job.Text("reason")})" : "";
        return
        [
            .. At(job.Text("submitted"), "job", $"{id} submitted to {job.Text("partition")}"),
            .. At(job.Text("start"), "job", isQueued ? $"{id} is expected to start{reason}" : $"{id} started on {job.Text("nodes")}"),
            .. At(job.Text("end"), "job", $"{id} is ended by its time limit, if it runs that long"),
        ];
    }

    private static IEnumerable<PodMoment> Containers(JsonObject pod, string list) => pod.Objects("status", list).SelectMany(container =>
    {
        string name = container.TextOrEmpty("name");
        return (IEnumerable<PodMoment>)
        [
            .. At(container.Text("state", "running", "startedAt"), "container", $"{name} started"),
            .. Ended(name, container.Object("lastState", "terminated")),
            .. Ended(name, container.Object("state", "terminated")),
        ];
    });

    private static IEnumerable<PodMoment> Ended(string name, JsonObject? end) => end is null
        ? []
        :
        [
            .. At(end.Text("startedAt"), "container", $"{name} started"),
            .. At(
                end.Text("finishedAt"),
                "container",
                string.Create(CultureInfo.InvariantCulture, $"{name} ended: {end.Text("reason")}, exit code {end.Integer("exitCode")}"),
                isTrouble: end.Integer("exitCode") != 0),
        ];

    private static IEnumerable<PodMoment> At(string? time, string source, string what, bool isTrouble = false) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)
            ? [new PodMoment(at, source, what, isTrouble)]
            : [];
}
