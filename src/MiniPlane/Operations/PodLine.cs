using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Operations;

/// <summary>A pod, and the job that runs it, as <c>status</c> shows them.</summary>
internal sealed record PodLine
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Ready { get; init; }

    /// <summary>kubectl's word: Running, CrashLoopBackOff, Completed.</summary>
    public required string Status { get; init; }

    public required string Age { get; init; }

    public required string Node { get; init; }

    public required string JobId { get; init; }

    public required string JobState { get; init; }

    /// <summary>Why the job waits, in Slurm's word, or why the pod does.</summary>
    public required string Reason { get; init; }

    /// <summary>The pod has ended for good.</summary>
    public required bool IsOver { get; init; }

    /// <summary>Somebody should look at it.</summary>
    public bool IsTrouble => !IsOver ? Status is not ("Running" or "Pending" or "ContainerCreating" or "PodInitializing" or "Terminating")
        : Status is not ("Completed" or "Succeeded");

    public static PodLine From(JsonObject row, ILookup<string, JsonObject> jobs)
    {
        JsonObject? pod = row.Object("object");
        JsonObject? job = jobs[pod.TextOrEmpty("metadata", "uid")].LastOrDefault();
        JsonObject? waiting = pod.Objects("status", "conditions").FirstOrDefault(condition =>
            condition.Text("status") == "False" && condition.Text("type") is "PodScheduled" or "slurm.miniplane.io/JobStarted");
        string phase = pod.TextOrEmpty("status", "phase");
        string why = job.Text("reason") is { Length: > 0 } and not "None" ? job.TextOrEmpty("reason") : phase == "Pending" ? waiting.TextOrEmpty("reason") : "";
        return new PodLine
        {
            Namespace = pod.TextOrEmpty("metadata", "namespace"),
            Name = pod.TextOrEmpty("metadata", "name"),
            Ready = Cell(row, 1),
            Status = Cell(row, 2),
            Age = Cell(row, 4),
            Node = pod.TextOrEmpty("spec", "nodeName"),
            JobId = job.Text("id") ?? pod.Object("metadata", "annotations").Text("slurm.miniplane.io/job-id") ?? "",
            JobState = job.TextOrEmpty("state"),
            Reason = why,
            IsOver = phase is "Succeeded" or "Failed",
        };
    }

    public JsonObject ToJson() => new()
    {
        ["namespace"] = Namespace,
        ["name"] = Name,
        ["ready"] = Ready,
        ["status"] = Status,
        ["age"] = Age,
        ["node"] = Node,
        ["job"] = JobId,
        ["jobState"] = JobState,
        ["reason"] = Reason,
    };

    private static string Cell(JsonObject row, int column) => row.Array("cells")?.ElementAtOrDefault(column) switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text ?? "",
        { } other => other.ToJsonString(),
        null => "",
    };
}
