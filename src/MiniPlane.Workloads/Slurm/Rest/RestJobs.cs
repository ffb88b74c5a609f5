using System.Globalization;
using System.Text.Json;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>Reads <c>jobs</c> and <c>job/ID</c> of all versions. Tasks of an array that wait are one record there; here each is its own.</summary>
internal static class RestJobs
{
    private static readonly string[] NoReason = ["None", "none", "(null)", ""];

    /// <param name="answer">The whole answer.</param>
    /// <param name="owner">Whose jobs they may be.</param>
    /// <param name="userId">Only jobs of this user: others may write what they like into theirs. Null for all.</param>
    public static IReadOnlyList<JobStatus> Parse(JsonElement answer, JobOwner owner, long? userId)
    {
        var jobs = new List<JobStatus>();
        foreach (JsonElement job in RestValue.List(answer, "jobs").Where(job => userId is null || RestValue.Number(job, "user_id") == userId))
        {
            jobs.AddRange(Ids(job, owner).Select(id => ToStatus(job, id, owner)));
        }

        // A task that was listed as waiting and has begun meanwhile has a record of its own, which counts.
        return [.. jobs.GroupBy(job => job.JobId, StringComparer.Ordinal).Select(same => same.MinBy(job => job.State.IsQueued()) ?? same.First())];
    }

    /// <summary>The state of a word or of several: the marks stand behind the state and say more than it.</summary>
    internal static JobState ToState(IReadOnlyList<string> words) =>
        words.Select(SlurmText.ToState).LastOrDefault(state => state != JobState.Unknown);

    /// <summary>Numbers of <c>0-3,7,9-11:2%4</c>; those behind a cut (<c>…</c>) are not among them.</summary>
    internal static IReadOnlyList<int> Tasks(string text, out bool isCut)
    {
        isCut = text.Contains("...", StringComparison.Ordinal);
        var tasks = new List<int>();
        foreach (string part in text.Split('%')[0].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = part.Split(':')[0].Split('-');
            int step = part.Split(':') is [_, string by] && int.TryParse(by, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : 1;
            if (int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last)
                && last - first < JobArrays.MostTasks)
            {
                for (int task = first; task <= last; task += step)
                {
                    tasks.Add(task);
                }
            }
        }

        return tasks;
    }

    private static IEnumerable<string> Ids(JsonElement job, JobOwner owner)
    {
        long id = RestValue.Number(job, "job_id") ?? 0;
        long array = RestValue.Number(job, "array_job_id") ?? 0;
        if (array == 0)
        {
            return [Text($"{id}")];
        }

        if (RestValue.Number(job, "array_task_id") is { } task)
        {
            return [Text($"{array}_{task}")];
        }

        IReadOnlyList<int> tasks = Tasks(RestValue.Text(job, "array_task_string"), out bool isCut);
        if (isCut)
        {
            int count = owner.CountTasks(RestValue.Text(job, "comment"));
            int next = tasks.Count > 0 ? tasks[^1] + 1 : 0;
            tasks = [.. tasks, .. Enumerable.Range(next, Math.Max(0, count - next))];
        }

        return tasks.Select(number => Text($"{array}_{number}"));
    }

    private static JobStatus ToStatus(JsonElement job, string id, JobOwner owner)
    {
        (int exitCode, int signal) = ToExit(RestValue.Get(job, "exit_code"));
        string reason = RestValue.Text(job, "state_reason");
        return new JobStatus
        {
            JobId = id,
            State = ToState(RestValue.Words(job, "job_state")),
            Reason = NoReason.Contains(reason, StringComparer.Ordinal) ? "" : reason,
            ExitCode = exitCode,
            Signal = signal,
            Restarts = (int)(RestValue.Number(job, "restart_cnt") ?? 0),
            Partition = RestValue.Text(job, "partition"),
            BatchHost = RestValue.Text(job, "batch_host"),
            Nodes = RestValue.Text(job, "nodes"),
            StartTime = RestValue.Time(job, "start_time"),
            EndTime = RestValue.Time(job, "end_time"),
            SubmitTime = RestValue.Time(job, "submit_time"),
            PodUid = owner.FindPodUid(RestValue.Text(job, "comment"), RestValue.Text(job, "current_working_directory"), id),
        };
    }

    private static (int ExitCode, int Signal) ToExit(JsonElement exit) => exit.ValueKind == JsonValueKind.Object && RestValue.Get(exit, "status").ValueKind != JsonValueKind.Undefined
        ? ((int)(RestValue.Number(exit, "return_code") ?? 0), (int)(RestValue.Number(exit, "signal", "id") ?? RestValue.Number(exit, "signal", "signal_id") ?? 0))
        : SlurmText.ToExit(Text($"{(exit.ValueKind == JsonValueKind.Number ? exit.GetInt64() : 0)}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
