using MiniPlane.Workloads.Backends;

namespace MiniPlane.Workloads.Dispatch;

/// <summary>The jobs as of the last poll, swapped as a whole; and the signal that makes the next poll come soon.</summary>
internal sealed class JobBoard(TimeProvider time)
{
    private sealed record Picture(IReadOnlyDictionary<string, JobStatus> ById, ILookup<string, JobStatus> ByPod, DateTimeOffset AskedAt);

    private Picture? _picture;
    private long _hurriedUntil;
    private volatile string _trouble = "not asked yet";

    /// <summary>Why the backend does not answer; empty when it does.</summary>
    public string Trouble
    {
        get => _trouble;
        set => _trouble = value;
    }

    /// <summary>When the jobs shown here were asked for; nothing that happened later is in them. Null before the first answer.</summary>
    public DateTimeOffset? AskedAt => Volatile.Read(ref _picture)?.AskedAt;

    /// <summary>Whether something was asked of the backend so lately that its effect is to be looked for.</summary>
    public bool IsHurried => time.GetUtcNow().UtcTicks < Interlocked.Read(ref _hurriedUntil);

    public JobStatus? Find(string jobId) => Volatile.Read(ref _picture)?.ById.GetValueOrDefault(jobId);

    /// <summary>The pod's newest job that had a chance to run.</summary>
    public JobStatus? FindOfPod(string uid) =>
        Volatile.Read(ref _picture)?.ByPod[uid].Where(job => !job.WasRefused).MaxBy(job => (job.SubmitTime, job.JobId.Length, job.JobId));

    /// <summary>All jobs of the pod; more than one where a submission whose answer was lost arrived after all.</summary>
    public IReadOnlyList<JobStatus> AllOfPod(string uid) =>
        Volatile.Read(ref _picture)?.ByPod[uid].Where(job => !job.WasRefused).ToArray() ?? [];

    public IReadOnlyCollection<JobStatus> All => Volatile.Read(ref _picture)?.ById.Values.ToArray() ?? [];

    public void Hurry() => Interlocked.Exchange(ref _hurriedUntil, (time.GetUtcNow() + TimeSpan.FromSeconds(10)).UtcTicks);

    /// <summary>Shows a new list, and returns the jobs that are not as they were.</summary>
    public IReadOnlyList<JobStatus> Show(IReadOnlyList<JobStatus> jobs, DateTimeOffset askedAt)
    {
        IReadOnlyDictionary<string, JobStatus> before =
            Volatile.Read(ref _picture)?.ById ?? new Dictionary<string, JobStatus>(StringComparer.Ordinal);
        var byId = new Dictionary<string, JobStatus>(StringComparer.Ordinal);
        foreach (JobStatus job in jobs)
        {
            byId[job.JobId] = job;
        }

        Volatile.Write(ref _picture, new Picture(byId, jobs.ToLookup(job => job.PodUid, StringComparer.Ordinal), askedAt));
        _trouble = "";
        IEnumerable<JobStatus> gone = before.Values.Where(job => !byId.ContainsKey(job.JobId));
        return [.. byId.Values.Where(job => before.GetValueOrDefault(job.JobId) != job), .. gone];
    }
}
