using System.Text.Json;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>Reads a job as slurmdbd remembers it (the same in <c>sacct --json</c>).</summary>
internal static class RestUsage
{
    /// <summary>What an ended job has used; the last record counts, a requeued job has one for each of its lives.</summary>
    public static JobUsage? Parse(JsonElement answer, string jobId) => Find(answer, jobId) is { } job && State(job).IsEnded()
        ? new JobUsage
        {
            JobId = jobId,
            Elapsed = TimeSpan.FromSeconds(RestValue.Number(job, "time", "elapsed") ?? 0),
            Cpus = (int)Count(job, "cpu", "tres", "allocated"),
            CpuTime = CpuTime(job),
            MaxMemoryBytes = RestValue.List(job, "steps").Select(step => Count(step, "mem", "tres", "requested", "max")).DefaultIfEmpty(0).Max(),
        }
        : null;

    /// <summary>A job that the queue has forgotten.</summary>
    public static JobStatus? ParseStatus(JsonElement answer, string jobId)
    {
        if (Find(answer, jobId) is not { } job)
        {
            return null;
        }

        JsonElement exit = RestValue.Get(job, "exit_code");
        return new JobStatus
        {
            JobId = jobId,
            State = State(job),
            ExitCode = (int)(RestValue.Number(exit, "return_code") ?? 0),
            Signal = (int)(RestValue.Number(exit, "signal", "id") ?? RestValue.Number(exit, "signal", "signal_id") ?? 0),
            Partition = RestValue.Text(job, "partition"),
            Nodes = RestValue.Text(job, "nodes") is "None assigned" ? "" : RestValue.Text(job, "nodes"),
            StartTime = RestValue.Time(job, "time", "start"),
            EndTime = RestValue.Time(job, "time", "end"),
            SubmitTime = RestValue.Time(job, "time", "submission"),
        };
    }

    private static JobState State(JsonElement job) => RestJobs.ToState(RestValue.Words(job, "state", "current"));

    private static JsonElement? Find(JsonElement answer, string jobId)
    {
        string[] parts = jobId.Split('_');
        JsonElement[] found =
        [
            .. RestValue.List(answer, "jobs").Where(job => parts.Length == 1
                ? RestValue.Number(job, "job_id") is { } id && SlurmText.TryNumber(parts[0], out long wanted) && id == wanted
                : RestValue.Number(job, "array", "task_id") is { } task && SlurmText.TryNumber(parts[1], out long index) && task == index),
        ];
        return found.Length > 0 ? found[^1] : null;
    }

    // The steps have it, the job itself says 0 (sacct adds them up as well).
    private static TimeSpan CpuTime(JsonElement job)
    {
        var steps = TimeSpan.FromTicks(RestValue.List(job, "steps").Sum(step => Total(step).Ticks));
        return steps > Total(job) ? steps : Total(job);
    }

    private static TimeSpan Total(JsonElement holder) =>
        TimeSpan.FromSeconds(RestValue.Number(holder, "time", "total", "seconds") ?? 0)
        + TimeSpan.FromMicroseconds(RestValue.Number(holder, "time", "total", "microseconds") ?? 0);

    private static long Count(JsonElement holder, string type, params ReadOnlySpan<string> path)
    {
        long most = 0;
        foreach (JsonElement entry in RestValue.List(holder, path))
        {
            most = RestValue.Text(entry, "type") == type ? Math.Max(most, RestValue.Number(entry, "count") ?? 0) : most;
        }

        return most;
    }
}
